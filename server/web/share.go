package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/paper"
)

// giftPage is the address of a gift's public page.
var giftPage = regexp.MustCompile(`^/gifts/([0-9a-z]{26})$`)

func registerShare(api huma.API, s Services) {
	document(api, "/gifts/{campaign}/card.png", "The picture of a shared gift: sums alone", "image/png", reader, func(ctx context.Context, _ auth.Actor, in *giftPath) (file, error) {
		g, err := s.Orders.GiftReport(ctx, in.Campaign)
		if err != nil {
			return file{}, err
		}
		body, err := giftCard(g).PNG()
		return file{Disposition: "inline", Body: body}, err
	}, forEverybody)
}

func giftCard(g orders.Gift) paper.Card {
	c := paper.Card{Title: g.Campaign.Title, NamedUse: g.Campaign.NamedUse, Paid: g.Money.Paid}
	for _, r := range g.Rows {
		c.Loaded += r.Numbers.Loaded
		c.Accepted += r.Numbers.Accepted
		c.Lost += r.Numbers.Rejected
		for _, lost := range r.Numbers.Lost {
			c.Lost += lost
		}
	}
	return c
}

// shareHead gives what a shared link shows in a chat, as tags of the Open Graph protocol (https://ogp.me): of a gift's public page its
// title, its sums and its picture, "" of any other page. Readers of these tags run no scripts.
func (s Services) shareHead(r *http.Request, secure bool) string {
	m := giftPage.FindStringSubmatch(r.URL.Path)
	if m == nil || s.Orders == nil {
		return ""
	}
	g, err := s.Orders.GiftReport(r.Context(), m[1])
	if err != nil {
		return ""
	}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	root, c := scheme+"://"+r.Host, giftCard(g)
	text := fmt.Sprintf("%s · 到账 ¥%s · 装车 %s · 验收 %s · 损耗和拒收 %s", c.NamedUse, c.Paid, kilograms(c.Loaded), kilograms(c.Accepted), kilograms(c.Lost))
	head := ""
	for _, tag := range [][2]string{{"og:type", "website"}, {"og:site_name", "集市 Jishi"}, {"og:title", c.Title}, {"og:description", text}, {"og:url", root + r.URL.Path},
		{"og:image", root + "/api/gifts/" + m[1] + "/card.png"}, {"og:image:width", "1200"}, {"og:image:height", "630"}} {
		head += fmt.Sprintf(`<meta property="%s" content="%s">`, tag[0], html.EscapeString(tag[1]))
	}
	return head
}

func kilograms(g measure.Grams) string { return fmt.Sprintf("%d.%03d 公斤", g/1000, g%1000) }

package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// SharePartView is what one need was to get by the fair share that a line of an order comes from.
type SharePartView struct {
	ID           string            `json:"id" doc:"of the line"`
	Order        string            `json:"order"`
	At           Instant           `json:"at" doc:"when it was worked out: as the order was sent"`
	Method       market.FairMethod `json:"method"`
	Total        int64             `json:"total_grams" doc:"what was shared out"`
	Pack         int64             `json:"pack_grams" doc:"1 for loose goods"`
	Least        int64             `json:"least_grams" doc:"what was asked for as the floor"`
	Demand       string            `json:"demand"`
	ReceiverName string            `json:"receiver_name"`
	Wants        int64             `json:"wants_grams,omitempty" doc:"what it still asked; absent with guess"`
	Guess        bool              `json:"guess,omitempty" doc:"nobody knew how much was needed"`
	Floor        int64             `json:"floor_grams"`
	Share        int64             `json:"share_grams"`
	Ordered      int64             `json:"ordered_grams" doc:"what the line has for it now"`
	Proven       bool              `json:"proven" doc:"worked out anew from the inputs that are kept, the shares are the same"`
}

// LineShareView is a fair share with its working, as it is kept with a line.
type LineShareView struct {
	Order  string            `json:"order"`
	Line   string            `json:"line"`
	At     Instant           `json:"at"`
	Proven bool              `json:"proven" doc:"worked out anew from the inputs that are kept, the shares are the same"`
	Names  map[string]string `json:"names" doc:"of the receivers, by need"`
	Share  FairShareView     `json:"share"`
}

func registerShared(api huma.API, s Services) {
	get(api, "/orders/{id}/shares", "Lists what each need was to get by the fair shares that an order comes from", func(ctx context.Context, by auth.Actor, in *byID) ([]SharePartView, error) {
		list, o, err := s.Orders.OrderShares(ctx, by, in.ID)
		if err != nil {
			return nil, err
		}
		return s.shareParts(ctx, list, map[string]orders.Order{o.ID: o}, "")
	})
	get(api, "/orders/{id}/shares/{line}", "Shows the fair share that a line comes from, with all that is needed to work it out again by hand", func(ctx context.Context, by auth.Actor, in *lineShareQuery) (LineShareView, error) {
		l, err := s.Orders.OrderShare(ctx, by, in.ID, in.Line)
		if err != nil {
			return LineShareView{}, err
		}
		names, err := s.receiverNames(ctx, []orders.LineShare{l})
		return LineShareView{l.Order, l.Line, Instant(l.At), l.Proven(), names, fairShareView(l.Working, languageOf(ctx))}, err
	})
	get(api, "/demands/{id}/shares", "Lists the fair shares that a need was in, newest first", func(ctx context.Context, by auth.Actor, in *sharesQuery) ([]SharePartView, error) {
		list, of, err := s.Orders.SharesOfDemand(ctx, by, in.ID, in.After)
		if err != nil {
			return nil, err
		}
		return s.shareParts(ctx, list, of, in.ID)
	})
}

type lineShareQuery struct {
	ID   string `path:"id" maxLength:"64"`
	Line string `path:"line" maxLength:"64"`
}

type sharesQuery struct {
	ID    string `path:"id" maxLength:"64"`
	After string `query:"after" maxLength:"64" doc:"the id of the page's last"`
}

// receiverNames names the receivers of shares by their needs.
func (s Services) receiverNames(ctx context.Context, list []orders.LineShare) (map[string]string, error) {
	var needs, parties []string
	for _, l := range list {
		for _, p := range l.Working.Parts {
			needs = append(needs, p.Demand)
		}
	}
	found, err := market.DemandsByID(ctx, s.DB.Read(), once(needs)...)
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		parties = append(parties, d.Party)
	}
	names, err := s.partyNames(ctx, once(parties))
	out := map[string]string{}
	for id, d := range found {
		out[id] = names[d.Party]
	}
	return out, err
}

// shareParts are the parts of shares, of all needs or of one.
func (s Services) shareParts(ctx context.Context, list []orders.LineShare, of map[string]orders.Order, demand string) ([]SharePartView, error) {
	names, err := s.receiverNames(ctx, list)
	out := []SharePartView{}
	for _, l := range list {
		proven, w := l.Proven(), l.Working
		for _, p := range w.Parts {
			if demand != "" && p.Demand != demand {
				continue
			}
			out = append(out, SharePartView{l.Line, l.Order, Instant(l.At), w.Method, int64(w.Total), int64(w.Pack), int64(w.Least), p.Demand, names[p.Demand],
				int64(p.Wants), p.Guess, p.Floor * int64(w.Pack), int64(w.Grams(p)), ordered(of[l.Order], l.Line, p.Demand), proven})
		}
	}
	return out, err
}

// ordered is what a line has for a need, in grams.
func ordered(o orders.Order, line, demand string) int64 {
	var sum int64
	for _, l := range o.Lines {
		for _, a := range l.To {
			if l.ID == line && a.Demand == demand {
				sum += int64(a.Promised())
			}
		}
	}
	return sum
}

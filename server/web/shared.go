package web

import (
	"context"
	"slices"

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
	NotIn        market.WhyAside   `json:"not_in,omitempty" doc:"why the need is not in the share; absent: it is"`
	Asked        int64             `json:"asked_grams,omitempty" doc:"all that a need asks which is not in the share; absent with guess"`
	Got          int64             `json:"got_grams,omitempty" doc:"of that it had accepted"`
	Coming       int64             `json:"coming_grams,omitempty" doc:"of that was ordered, promised or on the road"`
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
		names, err := s.receiverNames(ctx, l.Working.Needs())
		return LineShareView{l.Order, l.Line, Instant(l.At), l.Proven(), names, fairShareView(l.Working, languageOf(ctx), names)}, err
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

// receiverNames names the receivers of needs.
func (s Services) receiverNames(ctx context.Context, needs []string) (map[string]string, error) {
	var parties []string
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

// shareParts are the parts of shares and the needs that are in none of them, of all needs or of one.
func (s Services) shareParts(ctx context.Context, list []orders.LineShare, of map[string]orders.Order, demand string) ([]SharePartView, error) {
	var needs []string
	for _, l := range list {
		needs = append(needs, l.Working.Needs()...)
	}
	names, err := s.receiverNames(ctx, needs)
	out := []SharePartView{}
	for _, l := range list {
		w := l.Working
		v := SharePartView{ID: l.Line, Order: l.Order, At: Instant(l.At), Method: w.Method, Total: int64(w.Total), Pack: int64(w.Pack), Least: int64(w.Least), Proven: l.Proven()}
		for _, p := range w.Parts {
			v.Demand, v.Wants, v.Guess, v.Floor, v.Share = p.Demand, int64(p.Wants), p.Guess, p.Floor*int64(w.Pack), int64(w.Grams(p))
			out = append(out, v)
		}
		v.Floor, v.Share = 0, 0
		for _, a := range w.Aside {
			v.Demand, v.Wants, v.Guess, v.NotIn = a.Demand, int64(a.Open()), a.Unknown, a.Why
			v.Asked, v.Got, v.Coming = int64(a.Asked), int64(a.Got), int64(a.Coming)
			out = append(out, v)
		}
	}
	out = slices.DeleteFunc(out, func(v SharePartView) bool { return demand != "" && v.Demand != demand })
	for i := range out {
		v := &out[i]
		v.ReceiverName, v.Ordered = names[v.Demand], ordered(of[v.Order], v.ID, v.Demand)
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

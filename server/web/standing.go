package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/orders"
)

// StandingBody is what is wanted every week or month.
type StandingBody struct {
	Buyer    string       `json:"buyer" maxLength:"64"`
	Seller   string       `json:"seller" maxLength:"64"`
	Produce  string       `json:"produce" maxLength:"60"`
	Weight   Mass         `json:"weight"`
	Most     Price        `json:"most,omitempty" doc:"no draft at a higher price"`
	Every    orders.Every `json:"every,omitempty" enum:"week,month" doc:"absent: every week"`
	Weekday  *int         `json:"weekday,omitempty" minimum:"0" maximum:"6" doc:"of every week: 0 Sunday to 6 Saturday, at 06:00 +08:00"`
	MonthDay int          `json:"month_day,omitempty" minimum:"0" maximum:"28" doc:"of every month: 1 to 28, at 06:00 +08:00"`
	From     Day          `json:"from,omitempty" doc:"the first day that may have a draft; absent: at once"`
	Until    Day          `json:"until,omitempty" doc:"the last such day; absent: until somebody ends it"`
	Demand   string       `json:"demand,omitempty" maxLength:"64"`
}

// StandingTermsBody is how a standing order is to be from now on.
type StandingTermsBody struct {
	Weight Mass  `json:"weight"`
	Most   Price `json:"most,omitempty" doc:"no draft at a higher price; absent: at any"`
	Until  Day   `json:"until,omitempty" doc:"the last day that may have a draft; absent: until somebody ends it"`
}

// weekday is no day of the week where none is named.
func (b StandingBody) weekday() int {
	if b.Weekday == nil && b.Every != orders.EveryMonth {
		return -1
	}
	if b.Weekday == nil {
		return 0
	}
	return *b.Weekday
}

// StandingRunView is what became of one day.
type StandingRunView struct {
	Day   Day          `json:"day"`
	Order string       `json:"order,omitempty"`
	State orders.State `json:"state,omitempty" doc:"of the order; in lists absent"`
	Note  string       `json:"note,omitempty" doc:"why there is no draft"`
}

// StandingView is a standing order.
type StandingView struct {
	ID          string               `json:"id"`
	Buyer       string               `json:"buyer"`
	BuyerName   string               `json:"buyer_name"`
	Seller      string               `json:"seller"`
	SellerName  string               `json:"seller_name"`
	Produce     string               `json:"produce"`
	ProduceName string               `json:"produce_name"`
	Grams       int64                `json:"grams"`
	MostE4      int64                `json:"most_e4,omitempty" doc:"the buyer's own; its seller doesn't see it"`
	Every       orders.Every         `json:"every" enum:"week,month"`
	Weekday     int                  `json:"weekday"`
	MonthDay    int                  `json:"month_day,omitempty"`
	From        Day                  `json:"from,omitempty"`
	Until       Day                  `json:"until,omitempty"`
	Demand      string               `json:"demand,omitempty"`
	State       orders.StandingState `json:"state"`
	NextAt      Instant              `json:"next_at,omitempty" doc:"of an active one"`
	Runs        []StandingRunView    `json:"runs"`
}

func standingRunView(r orders.StandingRun) StandingRunView {
	return StandingRunView{Day(r.Day), r.Order, r.State, r.Note}
}

func (s Services) standingViews(ctx context.Context, list []orders.Standing, err error) ([]StandingView, error) {
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, st := range list {
		ids = append(ids, st.Buyer, st.Seller)
	}
	names, err := s.partyNames(ctx, ids)
	return mapped(list, func(st orders.Standing) StandingView {
		v := StandingView{ID: st.ID, Buyer: st.Buyer, BuyerName: names[st.Buyer], Seller: st.Seller, SellerName: names[st.Seller], Produce: st.Produce,
			ProduceName: s.produceName(ctx, st.Produce), Grams: int64(st.Grams), MostE4: int64(st.Most), Every: st.Every, Weekday: int(st.Weekday), MonthDay: st.MonthDay,
			From: Day(st.From), Until: Day(st.Until), Demand: st.Demand, State: st.Act, Runs: mapped(st.Runs, standingRunView)}
		if st.Act == orders.StandingActive {
			v.NextAt = Instant(st.NextAt)
		}
		return v
	}), err
}

func (s Services) standingView(ctx context.Context, st orders.Standing, err error) (StandingView, error) {
	return one(s.standingViews(ctx, []orders.Standing{st}, err))
}

func registerStanding(api huma.API, s Services) {
	post(api, "/standing-orders", "Wants the same every week or month; a draft is made, a person sends it", func(ctx context.Context, by auth.Actor, in *with[StandingBody]) (StandingView, error) {
		b := in.Body
		st, err := s.Orders.MakeStanding(ctx, by, orders.StandingInput{ClientID: clientID(ctx), Buyer: b.Buyer, Seller: b.Seller, Produce: b.Produce, Grams: b.Weight.Grams,
			Most: b.Most.E4, Every: b.Every, Weekday: b.weekday(), MonthDay: b.MonthDay, From: string(b.From), Until: string(b.Until), Demand: b.Demand})
		return s.standingView(ctx, st, err)
	})
	get(api, "/standing-orders", "Lists standing orders with what became of each day, newest first; a seller sees the orders that were sent, not the highest price", func(ctx context.Context, by auth.Actor, in *ordersQuery) ([]StandingView, error) {
		list, err := s.Orders.Standings(ctx, by, in.Role, in.After)
		return s.standingViews(ctx, list, err)
	})
	get(api, "/standing-orders/{id}", "Shows a standing order, what became of each day and where its orders stand", func(ctx context.Context, by auth.Actor, in *byID) (StandingView, error) {
		st, err := s.Orders.StandingOrder(ctx, by, in.ID)
		return s.standingView(ctx, st, err)
	})
	post(api, "/standing-orders/{id}/change", "Writes weight, highest price and last day of a standing order anew; what was drafted or ordered keeps its own", func(ctx context.Context, by auth.Actor, in *idWith[StandingTermsBody]) (StandingView, error) {
		b := in.Body
		if _, err := s.Orders.ChangeStanding(ctx, by, in.ID, orders.StandingTerms{Grams: b.Weight.Grams, Most: b.Most.E4, Until: string(b.Until)}); err != nil {
			return StandingView{}, err
		}
		st, err := s.Orders.StandingOrder(ctx, by, in.ID)
		return s.standingView(ctx, st, err)
	})
	for _, act := range []string{"pause", "resume", "end"} {
		post(api, "/standing-orders/{id}/"+act, "Moves a standing order on: "+act, func(ctx context.Context, by auth.Actor, in *byID) (StandingView, error) {
			if _, err := s.Orders.ActOnStanding(ctx, by, in.ID, act); err != nil {
				return StandingView{}, err
			}
			st, err := s.Orders.StandingOrder(ctx, by, in.ID)
			return s.standingView(ctx, st, err)
		})
	}
}

package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/dispatch/wording"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/rules"
)

func registerDispatch(api huma.API, s Services) {
	registerCapacity(api, s)
	registerPosted(api, s)
	registerPlans(api, s.Dispatch)
	registerRuns(api, s.Dispatch)
	registerEdits(api, s.Dispatch)
	registerWhatIf(api, s.Dispatch)
	registerTrips(api, s.Dispatch)
	registerPaperCheck(api, s)
	registerRoad(api, s.Dispatch)
	registerOrdered(api, s)
}

func stopOf(p PlaceBody) orders.Stop { return orders.Stop(p.place()) }

func shownStop(s orders.Stop) PlaceView { return placeView(market.Place(s)) }

// PapersBody are a vehicle's driver, papers and passes.
type PapersBody struct {
	Driver    string           `json:"driver,omitempty" maxLength:"60"`
	Papers    []dispatch.Paper `json:"papers,omitempty" maxItems:"20"`
	Passes    []dispatch.Pass  `json:"passes,omitempty" maxItems:"50"`
	Limits    dispatch.Limits  `json:"limits,omitempty" doc:"What its own papers say; left out: as usual for its type"`
	LastCargo string           `json:"last_cargo,omitempty" maxLength:"60" doc:"Produce it carried last: after fertiliser a wash record is needed before food"`
	WashedOn  string           `json:"washed_on,omitempty" maxLength:"10"`
}

// VehicleBody registers a vehicle.
type VehicleBody struct {
	Carrier     string `json:"carrier" maxLength:"64"`
	Type        string `json:"type" maxLength:"20" doc:"Length class and axles, such as T68 or T96-3"`
	Plate       string `json:"plate" maxLength:"40"`
	PlateColour string `json:"plate_colour" enum:"blue,yellow,green"`
	PapersBody
}

// VehicleView is a vehicle.
type VehicleView struct {
	ID          string           `json:"id"`
	Carrier     string           `json:"carrier"`
	Type        string           `json:"type"`
	TypeName    string           `json:"type_name"`
	Plate       string           `json:"plate"`
	PlateColour string           `json:"plate_colour"`
	Driver      string           `json:"driver"`
	Papers      []dispatch.Paper `json:"papers"`
	Passes      []dispatch.Pass  `json:"passes"`
	Limits      dispatch.Limits  `json:"limits"`
	LastCargo   string           `json:"last_cargo"`
	WashedOn    string           `json:"washed_on"`
	CreatedAt   Instant          `json:"created_at"`
}

// truckName names a class of trucks; "" where there is none.
func (s Services) truckName(id, lang string) string {
	class, _ := s.Rules.TruckType(id)
	return class.Called(lang)
}

func (s Services) vehicleView(ctx context.Context, v dispatch.Vehicle) VehicleView {
	return VehicleView{v.ID, v.Carrier, v.Type, s.truckName(v.Type, languageOf(ctx)), v.Plate, v.PlateColour, v.Driver, v.Papers, v.Passes, v.Limits, v.LastCargo, v.WashedOn, Instant(v.CreatedAt)}
}

// TruckTypeView is a class of trucks or coaches with its usual limits; a vehicle's own papers go before them.
type TruckTypeView struct {
	ID      string              `json:"id"`
	Name    string              `json:"name"`
	Payload measure.Grams       `json:"payload_grams"`
	Cube    measure.Millilitres `json:"cube_ml"`
	Axles   int                 `json:"axles"`
	Seats   int                 `json:"seats"`
	Reefer  bool                `json:"reefer"`
	Source  rules.Source        `json:"source"`
}

func truckTypeView(t rules.TruckType, lang string) TruckTypeView {
	return TruckTypeView{t.ID, t.Called(lang), t.Payload, t.Cube, t.Axles, t.Seats, t.Reefer, t.Source.In(lang)}
}

// CapacityBody puts a truck on offer.
type CapacityBody struct {
	Vehicle string    `json:"vehicle" maxLength:"64"`
	Place   PlaceBody `json:"place"`
	From    Instant   `json:"from"`
	Until   Instant   `json:"until"`
	Price   struct {
		Kind   dispatch.PriceKind `json:"kind,omitempty" enum:"per_trip,per_km,per_tonne_km"`
		Amount Money              `json:"amount,omitempty"`
	} `json:"price,omitempty" doc:"Left out: the usual price of the type of truck"`
	Room       dispatch.Room   `json:"room,omitempty" doc:"What is offered of it; left out: the whole vehicle"`
	Shared     bool            `json:"shared,omitempty" doc:"Sold in parts: several trips may each take some of the room"`
	ReturnTo   string          `json:"return_to,omitempty" maxLength:"12" doc:"Area code it wants to come back to"`
	Quarantine Money           `json:"quarantine,omitempty" doc:"Asked when the driver must stay at home afterwards; left out: as the rules reckon"`
	Avoids     rules.ZoneLevel `json:"avoids,omitempty" enum:"low,medium,high" doc:"Does not drive into places of this risk or a higher one"`
	Deposit    Money           `json:"deposit,omitempty" doc:"Asked of the shipper while the truck is held"`
	Draft      bool            `json:"draft,omitempty" doc:"Not yet to be planned with"`
}

// CapacityView is an offer with its state.
type CapacityView struct {
	ID         string                 `json:"id"`
	Vehicle    string                 `json:"vehicle"`
	Carrier    string                 `json:"carrier"`
	Place      PlaceView              `json:"place"`
	From       Instant                `json:"from"`
	Until      Instant                `json:"until"`
	Price      dispatch.Price         `json:"price"`
	Room       dispatch.Room          `json:"room"`
	Left       dispatch.Room          `json:"left"`
	Shared     bool                   `json:"shared"`
	ReturnTo   string                 `json:"return_to"`
	Quarantine measure.Fen            `json:"quarantine_fen"`
	Avoids     rules.ZoneLevel        `json:"avoids"`
	Deposit    measure.Fen            `json:"deposit_fen"`
	State      dispatch.CapacityState `json:"state,omitempty"`
}

func capacityView(v dispatch.CapacityView) CapacityView {
	c := v.Capacity
	return CapacityView{c.ID, c.Vehicle, c.Carrier, shownStop(c.Place), Instant(c.From), Instant(c.Until), c.Price, c.Room, v.Left, c.Shared,
		c.ReturnTo, c.Quarantine, c.Avoids, c.Deposit, v.State}
}

type byCarrier struct {
	Carrier string `query:"carrier" maxLength:"64"`
	After   string `query:"after" maxLength:"64"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

// capacityPage is a page of trucks on offer.
type capacityPage struct {
	Carrier  string `query:"carrier" maxLength:"64"`
	Standing bool   `query:"standing" doc:"Without those that are withdrawn or over"`
	After    string `query:"after" maxLength:"64"`
	Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

func registerCapacity(api huma.API, s Services) {
	d := s.Dispatch
	openGet(api, "/truck-types", "Lists the classes of trucks and coaches that the rules know", func(ctx context.Context, _ auth.Actor, _ *none) ([]TruckTypeView, error) {
		return each(s.Rules.AllTruckTypes(), func(t rules.TruckType) TruckTypeView { return truckTypeView(t, languageOf(ctx)) }), nil
	})
	post(api, "/vehicles", "Registers a vehicle", func(ctx context.Context, by auth.Actor, in *with[VehicleBody]) (VehicleView, error) {
		b := in.Body
		v, err := d.AddVehicle(ctx, by, dispatch.VehicleInput{Carrier: b.Carrier, Type: b.Type, Plate: b.Plate, PlateColour: b.PlateColour,
			Driver: b.Driver, Papers: b.Papers, Passes: b.Passes, Limits: b.Limits, LastCargo: b.LastCargo, WashedOn: b.WashedOn})
		return s.vehicleView(ctx, v), err
	})
	post(api, "/vehicles/{id}/papers", "Replaces a vehicle's driver, papers and passes", func(ctx context.Context, by auth.Actor, in *idWith[PapersBody]) (VehicleView, error) {
		v, err := d.SetPapers(ctx, by, in.ID, dispatch.VehicleInput{Driver: in.Body.Driver, Papers: in.Body.Papers, Passes: in.Body.Passes,
			Limits: in.Body.Limits, LastCargo: in.Body.LastCargo, WashedOn: in.Body.WashedOn})
		return s.vehicleView(ctx, v), err
	})
	get(api, "/vehicles", "Lists vehicles", func(ctx context.Context, by auth.Actor, in *byCarrier) ([]VehicleView, error) {
		list, err := d.Vehicles(ctx, by, in.Carrier, in.After, in.Limit)
		return each(list, func(v dispatch.Vehicle) VehicleView { return s.vehicleView(ctx, v) }), err
	})
	post(api, "/capacity-offers", "Puts a truck on offer", func(ctx context.Context, by auth.Actor, in *with[CapacityBody]) (CapacityView, error) {
		b := in.Body
		c, err := d.OfferCapacity(ctx, by, dispatch.CapacityInput{Vehicle: b.Vehicle, Place: stopOf(b.Place), From: b.From.Millis(), Until: b.Until.Millis(),
			Price: dispatch.Price{Kind: b.Price.Kind, Fen: b.Price.Amount.Fen}, Room: b.Room, Shared: b.Shared, ReturnTo: b.ReturnTo,
			Quarantine: b.Quarantine.Fen, Avoids: b.Avoids, Deposit: b.Deposit.Fen, Draft: b.Draft})
		return capacityView(c), err
	})
	post(api, "/capacity-offers/{id}/publish", "Makes a draft live", func(ctx context.Context, by auth.Actor, in *byID) (none, error) {
		return none{}, d.PublishCapacity(ctx, by, in.ID)
	})
	post(api, "/capacity-offers/{id}/withdraw", "Takes an offer back", func(ctx context.Context, by auth.Actor, in *byID) (none, error) {
		return none{}, d.WithdrawCapacity(ctx, by, in.ID)
	})
	get(api, "/capacity-offers", "Lists trucks on offer, newest first", func(ctx context.Context, by auth.Actor, in *capacityPage) ([]CapacityView, error) {
		list, err := d.Capacities(ctx, by, in.Carrier, in.Standing, in.After, in.Limit)
		return each(list, capacityView), err
	})
}

// each turns a list into views; never null in JSON.
func each[A, B any](list []A, view func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, view(a))
	}
	return out
}

// LoadView is goods that wait for a truck.
type LoadView struct {
	Allocation string         `json:"allocation"`
	Order      string         `json:"order"`
	Campaign   string         `json:"campaign"`
	Demand     string         `json:"demand"`
	Seller     string         `json:"seller"`
	Receiver   string         `json:"receiver"`
	Posted     string         `json:"posted,omitempty"`
	Goods      dispatch.Goods `json:"goods"`
	People     int            `json:"people,omitempty"`
	From       PlaceView      `json:"from"`
	To         PlaceView      `json:"to"`
}

func loadView(l dispatch.Load) LoadView {
	return LoadView{l.Allocation, l.Order, l.Campaign, l.Demand, l.Seller, l.Receiver, l.Posted, l.Goods, l.People, shownStop(l.From), shownStop(l.To)}
}

// PlanBody asks for a plan.
type PlanBody struct {
	Orders []string `json:"orders,omitempty" maxItems:"200" doc:"Left out: all that wait"`
	Loads  []string `json:"loads,omitempty" maxItems:"200" doc:"Posted loads to plan beside the orders"`
	Trucks []string `json:"trucks,omitempty" maxItems:"200" doc:"Capacity offers to plan with; left out: all that are open"`
	Day    Day      `json:"day,omitempty" doc:"Whose rules hold; left out: today"`
}

// PlanView is a plan with its options, the best first.
type PlanView struct {
	ID         string              `json:"id"`
	Day        string              `json:"day"`
	MadeAt     Instant             `json:"made_at"`
	Accepted   string              `json:"accepted"`
	AcceptedAt Instant             `json:"accepted_at"`
	After      string              `json:"after" doc:"The plan that this one goes on from"`
	Changed    []dispatch.Broken   `json:"changed" doc:"Promises of that plan which this one does not keep"`
	Trucks     []TruckView         `json:"trucks"`
	Loads      []LoadView          `json:"loads"`
	Options    []OptionView        `json:"options"`
	Ranking    []dispatch.RankLine `json:"ranking"`
	Refused    []dispatch.Refusal  `json:"refused"`
	LeftOut    []dispatch.LeftOut  `json:"left_out"`
	Levels     []dispatch.CostLine `json:"levels"`
	Notes      []dispatch.Note     `json:"notes" doc:"What was read otherwise than it was meant, such as distances that are estimates"`
}

// PlanLineView is a plan in a list.
type PlanLineView struct {
	ID       string  `json:"id"`
	Day      string  `json:"day" doc:"Whose rules it was made under"`
	Accepted string  `json:"accepted" doc:"The option that is driven; empty while none is"`
	MadeAt   Instant `json:"made_at"`
}

// OptionView is one way to haul the goods.
type OptionView struct {
	ID          string              `json:"id"`
	Said        wording.Text        `json:"said"`
	Summary     string              `json:"summary"`
	Cost        measure.Fen         `json:"cost_fen"`
	DeliveredAt Instant             `json:"delivered_at"`
	Lines       []dispatch.CostLine `json:"lines"`
	Warnings    []dispatch.Caution  `json:"warnings"`
	Hints       []dispatch.Hint     `json:"hints"`
	Unserved    []dispatch.LeftOut  `json:"unserved"`
	Overrides   []dispatch.Override `json:"overrides" doc:"Rules that a dispatcher set aside, with the reason"`
	Trips       []OutlineView       `json:"trips"`
}

// OutlineView is one truck's run as planned.
type OutlineView struct {
	Capacity string              `json:"capacity"`
	Locked   bool                `json:"locked"`
	Vehicle  string              `json:"vehicle"`
	Plate    string              `json:"plate"`
	Type     string              `json:"type"`
	TypeName string              `json:"type_name"`
	Carrier  string              `json:"carrier"`
	Fill     dispatch.Fill       `json:"fill"`
	Metres   measure.Metres      `json:"metres"`
	Empty    measure.Metres      `json:"empty_metres"`
	Waiting  measure.Millis      `json:"waiting_ms"`
	Rests    int                 `json:"rests"`
	DepartAt Instant             `json:"depart_at"`
	DoneAt   Instant             `json:"done_at"`
	Cost     measure.Fen         `json:"cost_fen"`
	Haulage  measure.Fen         `json:"haulage_fen"`
	TollFree string              `json:"toll_free"`
	Lines    []dispatch.CostLine `json:"lines"`
	Warnings []dispatch.Caution  `json:"warnings"`
	Hints    []dispatch.Hint     `json:"hints"`
	Stops    []StopView          `json:"stops"`
	Parts    []dispatch.Part     `json:"parts"`
	Relay    *RelayView          `json:"relay,omitempty"`
}

// RelayView is a second truck that takes all goods at a transfer station and drives on.
type RelayView struct {
	Station   PlaceView      `json:"station"`
	StationEn string         `json:"station_en"`
	Stop      int            `json:"stop" doc:"The first stop behind the station"`
	Capacity  string         `json:"capacity"`
	Vehicle   string         `json:"vehicle"`
	Plate     string         `json:"plate"`
	Type      string         `json:"type"`
	TypeName  string         `json:"type_name"`
	Carrier   string         `json:"carrier"`
	DepartAt  Instant        `json:"depart_at" doc:"Of the second truck, for the station"`
	ArriveAt  Instant        `json:"arrive_at" doc:"Of the first truck at the station"`
	StartAt   Instant        `json:"start_at" doc:"Both are there"`
	LeaveAt   Instant        `json:"leave_at" doc:"The goods are on the second truck"`
	Metres    measure.Metres `json:"metres" doc:"The first truck's, from where it stood"`
	Empty     measure.Metres `json:"empty_metres" doc:"The second truck's way to the station"`
	Haulage   measure.Fen    `json:"haulage_fen" doc:"Of the trip's, the second truck's"`
}

func relayView(r *dispatch.Relay) *RelayView {
	if r == nil {
		return nil
	}
	v := r.Truck.Vehicle
	return &RelayView{
		Station: shownStop(r.Station), StationEn: r.StationEn, Stop: r.Stop,
		Capacity: r.Truck.Capacity.ID, Vehicle: v.ID, Plate: v.Plate, Type: r.Truck.Type.ID, TypeName: r.Truck.Type.Name, Carrier: v.Carrier,
		DepartAt: Instant(r.Depart), ArriveAt: Instant(r.Arrive), StartAt: Instant(r.Start), LeaveAt: Instant(r.Leave),
		Metres: r.Metres, Empty: r.Empty, Haulage: r.Haulage,
	}
}

// StopView is one call of a trip.
type StopView struct {
	Kind     dispatch.StopKind `json:"kind"`
	Place    PlaceView         `json:"place"`
	Party    string            `json:"party"`
	ArriveAt Instant           `json:"arrive_at"`
	StartAt  Instant           `json:"start_at"`
	LeaveAt  Instant           `json:"leave_at"`
	Stood    []StoodView       `json:"stood,omitempty" doc:"When a coach stands still on the way here, as coaches don't drive by night"`
}

// StoodView is a time in which a truck may not drive.
type StoodView struct {
	FromAt Instant `json:"from_at"`
	ToAt   Instant `json:"to_at"`
}

func stoodView(w measure.Window) StoodView { return StoodView{Instant(w.From), Instant(w.To)} }

func stopView(s dispatch.PlannedStop) StopView {
	return StopView{s.Kind, shownStop(s.Place), s.Party, Instant(s.Arrive), Instant(s.Start), Instant(s.Leave), each(s.Stood, stoodView)}
}

func outlineView(t dispatch.PlannedTrip) OutlineView {
	return OutlineView{
		Capacity: t.Truck.Capacity.ID, Locked: t.Locked, Vehicle: t.Truck.Vehicle.ID, Plate: t.Truck.Vehicle.Plate, Type: t.Truck.Type.ID, TypeName: t.Truck.Type.Name, Carrier: t.Truck.Vehicle.Carrier, Fill: t.Fill,
		Metres: t.Metres, Empty: t.Empty, Waiting: t.Waiting, Rests: t.Rests, DepartAt: Instant(t.Depart), DoneAt: Instant(t.Done),
		Cost: t.Cost, Haulage: t.Haulage, TollFree: t.TollFree, Lines: listed(t.Lines), Warnings: listed(t.Warnings), Hints: listed(t.Hints),
		Stops: each(t.Stops, stopView), Parts: listed(t.Parts), Relay: relayView(t.Relay),
	}
}

// listed keeps an empty list from becoming null.
func listed[A any](list []A) []A {
	if list == nil {
		return []A{}
	}
	return list
}

func optionView(o dispatch.Option) OptionView {
	return OptionView{ID: o.ID, Said: listed(o.Said), Summary: o.Summary, Cost: o.Cost, DeliveredAt: Instant(o.Delivered), Lines: listed(o.Lines),
		Warnings: listed(o.Warnings), Hints: listed(o.Hints), Unserved: listed(o.Unserved), Overrides: listed(o.Overrides), Trips: each(o.Trips, outlineView)}
}

// TruckView is a truck that was planned with.
type TruckView struct {
	Capacity string    `json:"capacity"`
	Plate    string    `json:"plate"`
	Type     string    `json:"type"`
	TypeName string    `json:"type_name"`
	Place    PlaceView `json:"place"`
	From     Instant   `json:"from"`
}

func truckView(t dispatch.Truck, lang string) TruckView {
	return TruckView{t.Capacity.ID, t.Vehicle.Plate, t.Type.ID, t.Type.Called(lang), shownStop(t.Capacity.Place), Instant(t.Capacity.From)}
}

func planView(ctx context.Context, p dispatch.Plan, a dispatch.Answer) PlanView {
	lang := languageOf(ctx)
	a = a.In(lang)
	return PlanView{ID: p.ID, Day: string(a.Rules), MadeAt: Instant(p.MadeAt), Accepted: p.Accepted, AcceptedAt: Instant(p.AcceptedAt),
		After: p.Question.After, Changed: listed(a.Changed), Trucks: each(p.Question.Trucks, func(t dispatch.Truck) TruckView { return truckView(t, lang) }), Loads: each(p.Question.Loads, loadView), Options: each(a.Options, optionView), Ranking: listed(a.Ranking),
		Refused: listed(a.Refused), LeftOut: listed(a.LeftOut), Levels: listed(a.Levels), Notes: listed(a.Notes)}
}

func registerPlans(api huma.API, d *dispatch.Service) {
	get(api, "/loads", "Lists goods that wait for a truck", func(ctx context.Context, by auth.Actor, _ *none) ([]LoadView, error) {
		list, err := d.Loads(ctx, by)
		return each(list, loadView), err
	})
	post(api, "/plans", "Works out how the goods can be hauled", func(ctx context.Context, by auth.Actor, in *with[PlanBody]) (PlanView, error) {
		p, err := d.MakePlan(ctx, by, dispatch.PlanInput{Orders: in.Body.Orders, Loads: in.Body.Loads, Trucks: in.Body.Trucks, Day: string(in.Body.Day)})
		return planView(ctx, p, p.Answer), err
	})
	get(api, "/plans", "Lists plans, newest first", func(ctx context.Context, by auth.Actor, in *struct {
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) ([]PlanLineView, error) {
		list, err := d.PlanLines(ctx, by, in.After, in.Limit)
		return each(list, func(l dispatch.PlanLine) PlanLineView {
			return PlanLineView{l.ID, l.Day, l.Accepted, Instant(l.MadeAt)}
		}), err
	})
	get(api, "/plans/{id}", "Shows a plan", func(ctx context.Context, by auth.Actor, in *byID) (PlanView, error) {
		p, err := d.PlanByID(ctx, by, in.ID)
		return planView(ctx, p, p.Answer), err
	})
	get(api, "/plans/{id}/what-if", "Shows a plan under another day's rules", func(ctx context.Context, by auth.Actor, in *struct {
		ID  string `path:"id" maxLength:"64"`
		Day string `query:"day" required:"true" maxLength:"10"`
	}) (PlanView, error) {
		p, err := d.PlanByID(ctx, by, in.ID)
		if err != nil {
			return PlanView{}, err
		}
		a, err := d.WhatIf(ctx, by, in.ID, in.Day)
		return planView(ctx, p, a), err
	})
	post(api, "/plans/{id}/accept", "Reserves the trucks of an option", func(ctx context.Context, by auth.Actor, in *idWith[struct {
		Option string `json:"option" maxLength:"10"`
	}]) ([]TripView, error) {
		trips, err := d.Accept(ctx, by, in.ID, in.Body.Option)
		if err != nil {
			return nil, err
		}
		return tripViews(ctx, d, trips)
	})
}

package web

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/dispatch/mot"
	"jishi/server/measure"
	"jishi/server/rules"
)

// TripView is a trip as it stands.
type TripView struct {
	ID           string             `json:"id"`
	Number       string             `json:"number"`
	Plan         string             `json:"plan"`
	State        dispatch.TripState `json:"state"`
	AnswerBy     Instant            `json:"answer_by"`
	Outline      OutlineView        `json:"outline"`
	LoadedFill   dispatch.Fill      `json:"loaded_fill"`
	BothScanned  bool               `json:"both_scanned" doc:"Packhouse and driver counted the same"`
	Hold         *dispatch.Hold     `json:"hold,omitempty" doc:"Why nothing may be delivered before a second check"`
	Breaches     []dispatch.Breach  `json:"breaches" doc:"When goods were too warm, held for or not"`
	Legs         []dispatch.Leg     `json:"legs" doc:"Who drove from where to where, and the share of the haulage"`
	Diversion    *DiversionView     `json:"diversion,omitempty" doc:"The one asked for last"`
	Stations     []StationView      `json:"stations" doc:"Transfer stations that are open now; none while the trip can't be handed over"`
	HandOver     *HandOverView      `json:"hand_over,omitempty" doc:"The one that waits for the next driver's signature"`
	Consignments []ConsignmentView  `json:"consignments"`
	Events       []EventView        `json:"events"`
}

// ConsignmentView is one consignment with what became of it.
type ConsignmentView struct {
	ID         string        `json:"id"`
	Allocation string        `json:"allocation"`
	Order      string        `json:"order"`
	Produce    string        `json:"produce"`
	Receiver   string        `json:"receiver"`
	Layer      int           `json:"layer" doc:"1 stands at the front wall and is unloaded last"`
	LoadStop   int           `json:"load_stop"`
	UnloadStop int           `json:"unload_stop"`
	Planned    measure.Grams `json:"planned_grams"`
	Packs      int64         `json:"planned_packs"`
	Loaded     measure.Grams `json:"loaded_grams"`
	OnTruck    measure.Grams `json:"on_truck_grams"`
	Accepted   measure.Grams `json:"accepted_grams"`
	Rejected   measure.Grams `json:"rejected_grams"`
	Lost       measure.Grams `json:"lost_grams"`
	Returned   measure.Grams `json:"returned_grams"`
	People     int           `json:"planned_people,omitempty"`
	Boarded    int           `json:"boarded_people,omitempty"`
	Alighted   int           `json:"alighted_people,omitempty"`
}

// StationView is a place where goods change over to another driver or truck.
type StationView struct {
	Name   string `json:"name"`
	NameEn string `json:"name_en"`
	Adcode string `json:"adcode"`
}

// HandOverView is a hand-over that one driver signed for.
type HandOverView struct {
	Station string  `json:"station"`
	Driver  string  `json:"driver" doc:"Who drives on and has to sign"`
	Vehicle string  `json:"vehicle" doc:"Plate of the truck that drives on"`
	GivenAt Instant `json:"given_at"`
	Yours   bool    `json:"yours" doc:"Whether the reader may sign: nobody does so for both sides"`
}

func handOverView(t dispatch.Trip, by auth.Actor) *HandOverView {
	h := t.Giving()
	if h == nil {
		return nil
	}
	return &HandOverView{h.Station, h.Driver, cmp.Or(h.Plate, t.Plate()), Instant(h.At), t.MayTakeOver(by)}
}

// DiversionView is a diversion with those who still have to say yes.
type DiversionView struct {
	State    dispatch.DivertState `json:"state"`
	Demand   string               `json:"demand"`
	Party    string               `json:"party"`
	Place    PlaceView            `json:"place"`
	Reason   string               `json:"reason"`
	Needs    []string             `json:"needs" doc:"Parties, each of whom has to say yes"`
	Yes      []string             `json:"yes"`
	No       string               `json:"no,omitempty"`
	AnswerBy Instant              `json:"answer_by" doc:"No answer until then is a no"`
	Stop     int                  `json:"stop"`
	Way      *DetourView          `json:"way,omitempty" doc:"What it makes of the way; left out where nobody knows the place: kilometres and times stay as they were planned"`
}

// DetourView is what a diversion makes of a trip's way, beside what it was when it was asked for. What the haulage is more, or less,
// is paid, or saved, by whoever pays the haulage of these goods.
type DetourView struct {
	Metres     measure.Metres `json:"metres"`
	WasMetres  measure.Metres `json:"was_metres"`
	ArriveAt   Instant        `json:"arrive_at" doc:"At the new place, if everybody agrees at once"`
	WasAt      Instant        `json:"was_at"`
	Haulage    measure.Fen    `json:"haulage_fen"`
	WasHaulage measure.Fen    `json:"was_haulage_fen"`
	Guess      string         `json:"guess,omitempty" enum:"between_stops,no_way,router_away" doc:"Why this is an estimate; left out for none"`
	Warnings   []string       `json:"warnings" doc:"What the rules say against it"`
}

func diversionView(ctx context.Context, t dispatch.Trip, now measure.Millis) *DiversionView {
	a, ok := t.Diversion()
	if !ok {
		return nil
	}
	v := &DiversionView{a.State(now), a.Demand, a.Party, shownStop(a.Place), a.Reason, a.Needs, listed(a.Yes), a.No, Instant(a.AnswerBy), a.Stop, nil}
	if w := a.Way; w != nil {
		v.Way = &DetourView{w.Metres, w.Was.Metres, Instant(w.Arrive()), Instant(w.Was.Arrive), w.Haulage, w.Was.Haulage, w.Guess, []string{}}
		for _, x := range w.Warnings {
			if x.Stops {
				v.Way.Warnings = append(v.Way.Warnings, x.Said.In(languageOf(ctx)))
			}
		}
	}
	return v
}

// EventView is one report.
type EventView struct {
	Kind     dispatch.EventKind `json:"kind"`
	Stop     int                `json:"stop"`
	ActedAt  Instant            `json:"acted_at"`
	SyncedAt Instant            `json:"synced_at"`
	ClockOff int64              `json:"clock_off_ms" doc:"How far the device's clock was ahead; 0: right, or not known"`
	At       Instant            `json:"at" doc:"When it happened by our clock"`
	By       string             `json:"by"`
	Content  json.RawMessage    `json:"content"`
}

func tripView(ctx context.Context, d *dispatch.Service, t dispatch.Trip) (TripView, error) {
	numbers, err := d.Numbers(ctx, t)
	if err != nil {
		return TripView{}, err
	}
	by, err := visitor(ctx)
	if err != nil {
		return TripView{}, err
	}
	return TripView{
		ID: t.ID, Number: t.Number, Plan: t.Plan, State: d.State(ctx, t), AnswerBy: Instant(t.AnswerBy), Outline: outlineView(t.Outline.In(languageOf(ctx))),
		LoadedFill: d.LoadedFill(t), BothScanned: t.BothScanned(), Hold: holdIn(t, languageOf(ctx)), Breaches: listed(t.Breaches()), Legs: listed(t.Legs()),
		Diversion: diversionView(ctx, t, d.Millis(ctx)), HandOver: handOverView(t, by),
		Stations: each(d.Stations(ctx, t), func(s rules.Station) StationView { return StationView{s.Name, s.NameEn, s.Adcode} }),
		Consignments: each(numbers, func(c dispatch.Consigned) ConsignmentView {
			return ConsignmentView{c.ID, c.Load.Allocation, c.Load.Order, c.Load.Produce, c.Load.Receiver, c.Layer, c.LoadStop, c.UnloadStop,
				c.Load.Goods.Net, c.Load.Goods.Packs, c.Weighed.Grams, c.OnTruck, c.Accepted, c.Rejected, c.Lost, c.Returned, c.Load.People, c.Boarded, c.Alighted}
		}),
		Events: each(t.Events, func(e dispatch.Event) EventView {
			return EventView{e.Kind, e.Stop, Instant(e.ActedAt), Instant(e.SyncedAt), int64(e.ClockOff), Instant(e.At()), e.By, e.Content()}
		}),
	}, nil
}

// holdIn gives why goods are held in the reader's language, nil where they are not.
func holdIn(t dispatch.Trip, lang string) *dispatch.Hold {
	h := t.Hold()
	if h == nil {
		return nil
	}
	return ptr(h.In(lang))
}

func tripViews(ctx context.Context, d *dispatch.Service, list []dispatch.Trip) ([]TripView, error) {
	out := make([]TripView, 0, len(list))
	for _, t := range list {
		v, err := tripView(ctx, d, t)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func registerTrips(api huma.API, d *dispatch.Service) {
	get(api, "/trips", "Lists trips, newest first", func(ctx context.Context, by auth.Actor, in *struct {
		Standing bool   `query:"standing" doc:"Without those that ended and are settled"`
		After    string `query:"after" maxLength:"64"`
		Limit    int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) ([]TripView, error) {
		list, err := d.Trips(ctx, by, in.Standing, in.After, in.Limit)
		if err != nil {
			return nil, err
		}
		return tripViews(ctx, d, list)
	})
	get(api, "/trips/{id}", "Shows a trip", func(ctx context.Context, by auth.Actor, in *byID) (TripView, error) {
		t, err := d.TripByID(ctx, by, in.ID)
		if err != nil {
			return TripView{}, err
		}
		return tripView(ctx, d, t)
	})
	get(api, "/trips/{id}/waybill", "Writes the electronic waybills, one for each segment", func(ctx context.Context, by auth.Actor, in *byID) ([]mot.Waybill, error) {
		return d.Waybills(ctx, by, in.ID)
	})
	get(api, "/trips/{id}/papers", "Writes the ministry's four forms, what is wrong with them, and what stands in the QR codes", func(ctx context.Context, by auth.Actor, in *byID) (PapersView, error) {
		p, err := d.Papers(ctx, by, in.ID)
		return PapersView{Forms: p.Forms, Wrong: listed(p.Wrong), QR: mapped(p.QR, func(code string) string { return waybillLink(ctx, in.ID, code) })}, err
	})
	registerXML(api, "/trips/{id}/waybill.xml", "Writes the electronic waybills as XML", func(ctx context.Context, by auth.Actor, id string) ([]byte, error) {
		list, err := d.Waybills(ctx, by, id)
		if err != nil {
			return nil, err
		}
		return dispatch.WaybillXML(list)
	})
	registerXML(api, "/trips/{id}/papers.xml", "Writes the ministry's four forms as XML", func(ctx context.Context, by auth.Actor, id string) ([]byte, error) {
		p, err := d.Papers(ctx, by, id)
		if err != nil {
			return nil, err
		}
		return dispatch.FormsXML(p.Forms)
	})
	registerQR(api, d)
}

// PapersView are the ministry's four forms of a trip.
type PapersView struct {
	mot.Forms
	Wrong []mot.FormError `json:"wrong" doc:"Fields the ministry's system would not take, by form"`
	QR    []string        `json:"qr" doc:"What stands in the QR code of each waybill: the address of its page, and behind it what the paper says"`
}

type textAnswer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func registerXML(api huma.API, path, summary string, write func(ctx context.Context, by auth.Actor, id string) ([]byte, error)) {
	op := operation(http.MethodGet, path, summary)
	op.OperationID = strings.ReplaceAll(op.OperationID, ".", "-")
	huma.Register(api, op, func(ctx context.Context, in *byID) (*textAnswer, error) {
		by, err := actor(ctx)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		text, err := write(ctx, by, in.ID)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return &textAnswer{ContentType: "application/xml; charset=utf-8", Body: text}, nil
	})
}

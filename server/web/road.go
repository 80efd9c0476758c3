package web

import (
	"context"
	"math"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/orders"
)

// ReportBody is what every report from the road has.
type ReportBody struct {
	ClientID string  `json:"client_id,omitempty" maxLength:"100" doc:"Made on the device; the same one again has no second effect"`
	ActedAt  Instant `json:"acted_at,omitempty" doc:"When it happened by the device's clock; left out: now"`
	Device   Instant `json:"device_now,omitempty" doc:"The device's clock as it sends this, so that one that is wrong is seen"`
	Reason   string  `json:"reason,omitempty" maxLength:"500"`
}

func (b ReportBody) report(ctx context.Context) dispatch.Report {
	if b.ClientID == "" {
		b.ClientID = clientID(ctx)
	}
	return dispatch.Report{ClientID: b.ClientID, ActedAt: b.ActedAt.Millis(), DeviceNow: b.Device.Millis()}
}

// WeighingBody is the weighing at the ramp by two scans.
type WeighingBody struct {
	ReportBody
	Gross Mass   `json:"gross" doc:"The truck with its goods"`
	Tare  Mass   `json:"tare" doc:"The truck with the empty packs"`
	Scale string `json:"scale,omitempty" maxLength:"120" doc:"Which scale: its number or its place"`
	Photo string `json:"photo,omitempty" maxLength:"100"`
	Lines []struct {
		Consignment string   `json:"consignment" maxLength:"64"`
		Weight      Mass     `json:"weight,omitempty" doc:"Net; left out: reckoned from packs, or all there is"`
		Packs       int64    `json:"packs,omitempty" minimum:"0" maximum:"1000000"`
		Codes       []string `json:"codes,omitempty" maxItems:"5000" doc:"Scanned off the handling units; they count as packs"`
	} `json:"lines" maxItems:"500"`
}

func (b WeighingBody) weighing() dispatch.Weighing {
	w := dispatch.Weighing{Gross: b.Gross.Grams, Tare: b.Tare.Grams, Scale: b.Scale, Photo: b.Photo}
	for _, l := range b.Lines {
		w.Lines = append(w.Lines, dispatch.WeighedLine{Consignment: l.Consignment, Grams: l.Weight.Grams, Packs: l.Packs, Codes: l.Codes})
	}
	return w
}

// BoardingBody is the list of a coach, without names.
type BoardingBody struct {
	ReportBody
	Officer string `json:"officer" maxLength:"60" doc:"The safety officer on board"`
	Riders  []struct {
		Consignment string  `json:"consignment" maxLength:"64"`
		Seat        int     `json:"seat" minimum:"1" maximum:"80"`
		Temperature float64 `json:"temperature" minimum:"30" maximum:"45" doc:"°C"`
	} `json:"riders" maxItems:"80"`
}

func (b BoardingBody) boarding() dispatch.Boarding {
	out := dispatch.Boarding{Officer: b.Officer}
	for _, r := range b.Riders {
		out.Riders = append(out.Riders, dispatch.Rider{Consignment: r.Consignment, Seat: r.Seat, Tenths: tenths(r.Temperature)})
	}
	return out
}

// AlightingBody is how many people of each group got off.
type AlightingBody struct {
	ReportBody
	Lines []struct {
		Consignment string `json:"consignment" maxLength:"64"`
		People      int    `json:"people" minimum:"0" maximum:"80"`
		Reason      string `json:"reason,omitempty" maxLength:"300" doc:"Needed when fewer get off than got on"`
	} `json:"lines" maxItems:"80"`
}

func (b AlightingBody) alighting() dispatch.Alighting {
	var out dispatch.Alighting
	for _, l := range b.Lines {
		out.Lines = append(out.Lines, dispatch.AlightedLine{Consignment: l.Consignment, People: l.People, Reason: l.Reason})
	}
	return out
}

// DeliveryBody is a proof of delivery.
type DeliveryBody struct {
	ReportBody
	Lines []struct {
		Consignment  string           `json:"consignment" maxLength:"64"`
		Received     Mass             `json:"received" doc:"Weighed in, rejected goods included"`
		Rejected     Mass             `json:"rejected,omitempty"`
		RejectReason string           `json:"reject_reason,omitempty" maxLength:"300"`
		LostCause    orders.LossCause `json:"lost_cause,omitempty" enum:"moisture,rot,missing,theft"`
		GapReason    string           `json:"gap_reason,omitempty" maxLength:"300" doc:"Needed when less than half came in"`
	} `json:"lines" maxItems:"500"`
	Temperature *float64 `json:"temperature,omitempty" minimum:"-60" maximum:"80" doc:"Of the goods, °C"`
	Photo       string   `json:"photo,omitempty" maxLength:"100"`
	Receiver    string   `json:"receiver,omitempty" maxLength:"60"`
}

func (b DeliveryBody) delivery() dispatch.Delivery {
	d := dispatch.Delivery{Photo: b.Photo, Receiver: b.Receiver}
	if b.Temperature != nil {
		n := tenths(*b.Temperature)
		d.Temperature = &n
	}
	for _, l := range b.Lines {
		d.Lines = append(d.Lines, dispatch.DeliveredLine{Consignment: l.Consignment, Received: l.Received.Grams, Rejected: l.Rejected.Grams,
			RejectReason: l.RejectReason, LostCause: l.LostCause, GapReason: l.GapReason})
	}
	return d
}

// ScanBody is the count of the side that does not weigh.
type ScanBody struct {
	ReportBody
	Lines []struct {
		Consignment string   `json:"consignment" maxLength:"64"`
		Codes       []string `json:"codes,omitempty" maxItems:"5000" doc:"Scanned off the handling units"`
		Packs       int64    `json:"packs,omitempty" minimum:"0" maximum:"1000000" doc:"Where they carry no codes"`
	} `json:"lines" maxItems:"500"`
}

func (b ScanBody) scan() dispatch.Scan {
	var s dispatch.Scan
	for _, l := range b.Lines {
		s.Lines = append(s.Lines, dispatch.ScannedLine{Consignment: l.Consignment, Codes: l.Codes, Packs: l.Packs})
	}
	return s
}

// TemperatureBody is the log of a sensor since it was last read out.
type TemperatureBody struct {
	ReportBody
	Sensor   string `json:"sensor" maxLength:"60"`
	Readings []struct {
		At      Instant `json:"at"`
		Degrees float64 `json:"temperature" minimum:"-60" maximum:"80" doc:"°C"`
	} `json:"readings" maxItems:"2200"`
}

func (b TemperatureBody) log() dispatch.TemperatureLog {
	l := dispatch.TemperatureLog{Sensor: b.Sensor}
	for _, r := range b.Readings {
		l.Readings = append(l.Readings, dispatch.Reading{At: r.At.Millis(), Tenths: tenths(r.Degrees)})
	}
	return l
}

// tenths rounds degrees half away from zero.
func tenths(degrees float64) int { return int(math.Round(degrees * 10)) }

// CheckBody is the second check of goods that were held.
type CheckBody struct {
	ReportBody
	Inspector string `json:"inspector" maxLength:"60" doc:"Who looked at the goods"`
	Photo     string `json:"photo,omitempty" maxLength:"100"`
	Lines     []struct {
		Consignment string   `json:"consignment" maxLength:"64"`
		Downgraded  Mass     `json:"downgraded,omitempty" doc:"Fit for a lower grade"`
		Condemned   Mass     `json:"condemned,omitempty" doc:"To be destroyed"`
		Temperature *float64 `json:"temperature,omitempty" minimum:"-60" maximum:"80" doc:"Of the goods, °C"`
		Reason      string   `json:"reason,omitempty" maxLength:"300"`
	} `json:"lines,omitempty" maxItems:"500"`
}

func (b CheckBody) check() dispatch.Check {
	c := dispatch.Check{Inspector: b.Inspector, Photo: b.Photo}
	for _, l := range b.Lines {
		line := dispatch.CheckedLine{Consignment: l.Consignment, Downgraded: l.Downgraded.Grams, Condemned: l.Condemned.Grams, Reason: l.Reason}
		if l.Temperature != nil {
			n := tenths(*l.Temperature)
			line.Tenths = &n
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// HandOverBody gives the truck to another driver.
type HandOverBody struct {
	ReportBody
	Station   string `json:"station" maxLength:"200" doc:"Name or area code of a transfer station; where the truck stands when it broke down"`
	Driver    string `json:"driver" maxLength:"30"`
	Licence   string `json:"licence,omitempty" maxLength:"18" doc:"The next driver's"`
	Vehicle   string `json:"vehicle,omitempty" maxLength:"40" doc:"Plate of the truck that drives on; left out: the same"`
	Colour    string `json:"plate_colour,omitempty" enum:"blue,yellow,black,white,green"`
	Carrier   string `json:"carrier,omitempty" maxLength:"64" doc:"Party that drives on; left out: the same"`
	Signature string `json:"signature,omitempty" maxLength:"100" doc:"Photo of the next driver's signature; left out: he takes over by a report of his own"`
}

func (b HandOverBody) handOver() dispatch.HandOver {
	return dispatch.HandOver{Station: b.Station, Driver: b.Driver, Licence: b.Licence, Plate: b.Vehicle, Colour: b.Colour, Carrier: b.Carrier, Signature: b.Signature}
}

// DiversionBody asks whether goods may go to another need.
type DiversionBody struct {
	ReportBody
	Demand string `json:"demand" maxLength:"64"`
}

// DiversionAnswerBody is the word of one who was asked.
type DiversionAnswerBody struct {
	ReportBody
	Yes bool `json:"yes"`
}

// LossBody gives up what is on board.
type LossBody struct {
	ReportBody
	Cause  orders.LossCause `json:"cause" enum:"rot,missing,theft"`
	Report string           `json:"report" maxLength:"60" doc:"Number of the report to the police or the insurer"`
}

// TakeBackBody is rejected goods that leave the receiver.
type TakeBackBody struct {
	ReportBody
	Lines []struct {
		Consignment string `json:"consignment" maxLength:"64"`
		Weight      Mass   `json:"weight"`
		Grade       string `json:"grade,omitempty" maxLength:"60" doc:"Of the seller's new lot"`
		Destroyed   bool   `json:"destroyed,omitempty"`
	} `json:"lines" maxItems:"500"`
}

func (b TakeBackBody) takenBack() dispatch.TakenBack {
	var out dispatch.TakenBack
	for _, l := range b.Lines {
		out.Lines = append(out.Lines, dispatch.TakenBackLine{Consignment: l.Consignment, Grams: l.Weight.Grams, Grade: l.Grade, Destroyed: l.Destroyed, Reason: b.Reason})
	}
	return out
}

type atStop[T any] struct {
	ID   string `path:"id" maxLength:"64"`
	Stop int    `path:"stop" minimum:"0" maximum:"1000"`
	Body T
}

// roadRoutes adds the reports from the road; each answers with the trip as it stands.
type roadRoutes struct {
	api huma.API
	d   *dispatch.Service
}

// act adds a report about a whole trip, atRamp one about a stop.
func act[T any](r roadRoutes, word, summary string, do func(ctx context.Context, by auth.Actor, id string, b T) (dispatch.Trip, error)) {
	post(r.api, "/trips/{id}/"+word, summary, func(ctx context.Context, by auth.Actor, in *idWith[T]) (TripView, error) {
		t, err := do(ctx, by, in.ID, in.Body)
		if err != nil {
			return TripView{}, err
		}
		return tripView(ctx, r.d, t)
	})
}

func atRamp[T any](r roadRoutes, word, summary string, do func(ctx context.Context, by auth.Actor, id string, stop int, b T) (dispatch.Trip, error)) {
	post(r.api, "/trips/{id}/stops/{stop}/"+word, summary, func(ctx context.Context, by auth.Actor, in *atStop[T]) (TripView, error) {
		t, err := do(ctx, by, in.ID, in.Stop, in.Body)
		if err != nil {
			return TripView{}, err
		}
		return tripView(ctx, r.d, t)
	})
}

func registerRoad(api huma.API, d *dispatch.Service) {
	r := roadRoutes{api, d}
	registerTender(r, d)
	registerRamp(r, d)
	registerHandOver(r, d)
	registerCold(r, d)
	registerTrouble(r, d)
}

func registerTender(r roadRoutes, d *dispatch.Service) {
	act(r, "confirm", "Takes a trip on", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.Confirm(ctx, by, id, b.report(ctx))
	})
	act(r, "decline", "Refuses a trip", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.Decline(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "cancel", "Takes a trip back before loading", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.Cancel(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "no-show", "Says that the truck did not come", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.NoShow(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "no-goods", "Says that the goods were not there", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.NoGoods(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "settle", "Pays the carriers of a trip that is done", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.Settle(ctx, by, id, b.report(ctx))
	})
}

func registerRamp(r roadRoutes, d *dispatch.Service) {
	atRamp(r, "arrive", "Says that the truck is there", func(ctx context.Context, by auth.Actor, id string, stop int, b ReportBody) (dispatch.Trip, error) {
		return d.Arrive(ctx, by, id, stop, b.report(ctx))
	})
	atRamp(r, "scan", "Counts what is loaded, on the side that does not weigh", func(ctx context.Context, by auth.Actor, id string, stop int, b ScanBody) (dispatch.Trip, error) {
		return d.Scan(ctx, by, id, stop, b.report(ctx), b.scan())
	})
	atRamp(r, "load", "Weighs what is loaded", func(ctx context.Context, by auth.Actor, id string, stop int, b WeighingBody) (dispatch.Trip, error) {
		return d.Load(ctx, by, id, stop, b.report(ctx), b.weighing())
	})
	atRamp(r, "board", "Says who got on a coach", func(ctx context.Context, by auth.Actor, id string, stop int, b BoardingBody) (dispatch.Trip, error) {
		return d.Board(ctx, by, id, stop, b.report(ctx), b.boarding())
	})
	atRamp(r, "alight", "Says how many people got off a coach", func(ctx context.Context, by auth.Actor, id string, stop int, b AlightingBody) (dispatch.Trip, error) {
		return d.Alight(ctx, by, id, stop, b.report(ctx), b.alighting())
	})
	atRamp(r, "depart", "Says that the truck leaves", func(ctx context.Context, by auth.Actor, id string, stop int, b ReportBody) (dispatch.Trip, error) {
		return d.Depart(ctx, by, id, stop, b.report(ctx))
	})
	atRamp(r, "deliver", "Signs for what was unloaded", func(ctx context.Context, by auth.Actor, id string, stop int, b DeliveryBody) (dispatch.Trip, error) {
		return d.Deliver(ctx, by, id, stop, b.report(ctx), b.delivery())
	})
	atRamp(r, "take-back", "Takes rejected goods back, or destroys them", func(ctx context.Context, by auth.Actor, id string, stop int, b TakeBackBody) (dispatch.Trip, error) {
		return d.TakeBack(ctx, by, id, stop, b.report(ctx), b.takenBack())
	})
	atRamp(r, "return", "Signs for goods that came back to their seller undelivered", func(ctx context.Context, by auth.Actor, id string, stop int, b DeliveryBody) (dispatch.Trip, error) {
		return d.ReturnLoad(ctx, by, id, stop, b.report(ctx), b.delivery())
	})
}

func registerHandOver(r roadRoutes, d *dispatch.Service) {
	give := func(ctx context.Context, by auth.Actor, id string, b HandOverBody) (dispatch.Trip, error) {
		return d.HandOver(ctx, by, id, b.report(ctx), b.handOver())
	}
	act(r, "hand-over", "Gives the goods to another driver", give)
	atRamp(r, "hand-over", "Gives the goods to another driver on the way to a stop", func(ctx context.Context, by auth.Actor, id string, _ int, b HandOverBody) (dispatch.Trip, error) {
		return give(ctx, by, id, b)
	})
	act(r, "give-haulage", "Makes the carrier's part of a trip a gift: its value is shown, nobody pays it", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.GiveHaulage(ctx, by, id, b.report(ctx))
	})
	act(r, "take-over", "Signs for the goods as the driver who drives on", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.TakeOver(ctx, by, id, b.report(ctx))
	})
}

func registerCold(r roadRoutes, d *dispatch.Service) {
	act(r, "temperatures", "Reads a sensor out; goods that were too warm are held", func(ctx context.Context, by auth.Actor, id string, b TemperatureBody) (dispatch.Trip, error) {
		return d.Temperature(ctx, by, id, b.report(ctx), b.log())
	})
	act(r, "hold", "Holds the goods until a second check", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.HoldGoods(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "check", "Checks goods that were held and lets them go on", func(ctx context.Context, by auth.Actor, id string, b CheckBody) (dispatch.Trip, error) {
		return d.Check(ctx, by, id, b.report(ctx), b.check())
	})
}

func registerTrouble(r roadRoutes, d *dispatch.Service) {
	act(r, "breakdown", "Says that the truck stands", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.Breakdown(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "repair", "Says that the truck drives again", func(ctx context.Context, by auth.Actor, id string, b ReportBody) (dispatch.Trip, error) {
		return d.Repair(ctx, by, id, b.Reason, b.report(ctx))
	})
	act(r, "lost", "Gives up what is on board of a truck nobody heard of", func(ctx context.Context, by auth.Actor, id string, b LossBody) (dispatch.Trip, error) {
		return d.Lost(ctx, by, id, b.report(ctx), dispatch.Loss{Cause: b.Cause, Report: b.Report, Reason: b.Reason})
	})
	atRamp(r, "divert", "Asks whether what is on board may go to another need", func(ctx context.Context, by auth.Actor, id string, stop int, b DiversionBody) (dispatch.Trip, error) {
		return d.AskDivert(ctx, by, id, stop, b.Demand, b.Reason, b.report(ctx))
	})
	act(r, "divert-answer", "Agrees to a diversion, or does not", func(ctx context.Context, by auth.Actor, id string, b DiversionAnswerBody) (dispatch.Trip, error) {
		return d.SayDivert(ctx, by, id, b.Yes, b.report(ctx))
	})
}

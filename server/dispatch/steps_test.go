//go:build !race

package dispatch

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store/storetest"
)

// walker is a world with one trip: 5 t of apples from the packhouse to the hospital.
type walker struct {
	*world
	trip Trip
	c    string
	net  measure.Grams
}

var walkers = map[string]auth.Actor{
	"carrier": carrier, "driver": {User: "driver", Grants: []auth.Grant{{Role: auth.Driver, Party: "carrier"}}}, "other": stranger, "coop": coop,
	"receiver": unionHosp, "next": zhongnanHosp, "dispatcher": dispatcher, "operator": operator, "giver": giver,
	"finance": {User: "finance", Grants: []auth.Grant{{Role: auth.Finance}}}, "auditor": {User: "auditor", Grants: []auth.Grant{{Role: auth.Auditor}}},
}

// roadActs are what people report of a trip, by event: who may, and how. What moves only the clock is not among them.
var roadActs = map[EventKind]struct {
	who string
	do  func(*walker, auth.Actor) error
}{
	EventConfirm: {"carrier driver", func(w *walker, by auth.Actor) error { return second(w.Confirm(w.t.Context(), by, w.trip.ID, Report{})) }},
	EventDecline: {"carrier driver", func(w *walker, by auth.Actor) error {
		return second(w.Decline(w.t.Context(), by, w.trip.ID, "满了", Report{}))
	}},
	EventCancel: {"dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.Cancel(w.t.Context(), by, w.trip.ID, "不去了", Report{}))
	}},
	EventNoShow: {"coop dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.NoShow(w.t.Context(), by, w.trip.ID, "没来", Report{}))
	}},
	EventNoGoods: {driving, func(w *walker, by auth.Actor) error {
		return second(w.NoGoods(w.t.Context(), by, w.trip.ID, "没货", Report{}))
	}},
	EventArrive: {driving, func(w *walker, by auth.Actor) error {
		stop := 0
		if len(w.now().loaded) > 0 {
			stop = 1
		}
		return second(w.Arrive(w.t.Context(), by, w.trip.ID, stop, Report{}))
	}},
	EventScan: {driving + " coop", func(w *walker, by auth.Actor) error {
		return second(w.Scan(w.t.Context(), by, w.trip.ID, 0, Report{}, Scan{Lines: []ScannedLine{{Consignment: w.c, Packs: w.trip.Consignments[0].Load.Goods.Packs}}}))
	}},
	EventLoad: {driving + " coop", func(w *walker, by auth.Actor) error {
		return second(w.Load(w.t.Context(), by, w.trip.ID, 0, Report{}, Weighing{Tare: 9 * measure.Tonne, Gross: 9*measure.Tonne + w.net, Lines: []WeighedLine{{Consignment: w.c}}}))
	}},
	EventDepart: {driving, func(w *walker, by auth.Actor) error {
		stop := 0
		if w.State(w.t.Context(), w.now()) == Unloading {
			stop = 1
		}
		return second(w.Depart(w.t.Context(), by, w.trip.ID, stop, Report{}))
	}},
	EventHandOver: {driving, func(w *walker, by auth.Actor) error {
		return second(w.HandOver(w.t.Context(), by, w.trip.ID, Report{}, HandOver{Station: "420704", Driver: "李师傅"}))
	}},
	EventTakeOver: {"driver carrier dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.TakeOver(w.t.Context(), by, w.trip.ID, Report{}))
	}},
	EventBreakdown: {driving, func(w *walker, by auth.Actor) error {
		return second(w.Breakdown(w.t.Context(), by, w.trip.ID, "爆胎", Report{}))
	}},
	EventRepair: {driving, func(w *walker, by auth.Actor) error {
		return second(w.Repair(w.t.Context(), by, w.trip.ID, "换好了", Report{}))
	}},
	EventTemperature: {driving, func(w *walker, by auth.Actor) error {
		log := TemperatureLog{Sensor: "S1", Readings: []Reading{{At: w.millis(w.t.Context()), Tenths: 50}}}
		return second(w.Temperature(w.t.Context(), by, w.trip.ID, Report{}, log))
	}},
	EventHold: {"dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.HoldGoods(w.t.Context(), by, w.trip.ID, "要看一看", Report{}))
	}},
	EventCheck: {"receiver dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.Check(w.t.Context(), by, w.trip.ID, Report{}, Check{Inspector: "检疫员", Lines: []CheckedLine{{Consignment: w.c}}}))
	}},
	EventDeliver: {"receiver " + driving, func(w *walker, by auth.Actor) error {
		return second(w.Deliver(w.t.Context(), by, w.trip.ID, 1, Report{}, w.all(0)))
	}},
	EventReturn: {"coop dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.ReturnLoad(w.t.Context(), by, w.trip.ID, 1, Report{}, w.all(0)))
	}},
	EventLost: {"operator", func(w *walker, by auth.Actor) error {
		return second(w.Lost(w.t.Context(), by, w.trip.ID, Report{}, Loss{Cause: orders.Theft, Report: "公安-0001"}))
	}},
	EventTakeBack: {"coop dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.TakeBack(w.t.Context(), by, w.trip.ID, 1, Report{}, TakenBack{Lines: []TakenBackLine{{Consignment: w.c, Grams: measure.Kilogram, Destroyed: true, Reason: "烂了"}}}))
	}},
	EventDivertAsk: {"dispatcher operator", func(w *walker, by auth.Actor) error {
		return second(w.AskDivert(w.t.Context(), by, w.trip.ID, 1, "need", "冷库满了", Report{}))
	}},
	EventGive: {"carrier", func(w *walker, by auth.Actor) error {
		return second(w.GiveHaulage(w.t.Context(), by, w.trip.ID, Report{}))
	}},
	EventSettle: {"finance dispatcher operator", func(w *walker, by auth.Actor) error { return second(w.Settle(w.t.Context(), by, w.trip.ID, Report{})) }},
}

const driving = "carrier driver dispatcher operator"

func second(_ Trip, err error) error { return err }

// now is the trip as it is.
func (w *walker) now() Trip {
	t, err := tripByID(w.t.Context(), w.db.Read(), w.trip.ID)
	w.want(err, "")
	return t
}

// all brings everything in, less what the receiver rejects.
func (w *walker) all(rejected measure.Grams) Delivery {
	l := DeliveredLine{Consignment: w.c, Received: w.net, Rejected: rejected}
	if rejected > 0 {
		l.RejectReason = "烂了"
	}
	return Delivery{Receiver: "李老师", Lines: []DeliveredLine{l}}
}

func (w *walker) did(acts ...EventKind) {
	w.t.Helper()
	for _, kind := range acts {
		first, _, _ := strings.Cut(roadActs[kind].who, " ")
		if err := roadActs[kind].do(w, walkers[first]); err != nil {
			w.t.Fatalf("%s by %s: %v", kind, first, err)
		}
		w.when = w.when.Add(time.Minute)
	}
}

// into brings a new trip into a state.
func into(t *testing.T, state TripState) *walker {
	t.Helper()
	w := &walker{world: newWorldOf(t, storetest.SQLite(t), []orders.ToShip{toShip(1, apple, 5, union)}, truck(t, "T68", "陕C·A1001", relief))}
	w.needs()
	_, trips := w.accepted()
	w.trip = trips[0]
	w.c, w.net = w.trip.Consignments[0].ID, w.trip.Consignments[0].Load.Goods.Net
	loaded := func(more ...EventKind) {
		w.did(EventConfirm)
		w.at("2020-02-04 14:00")
		w.did(append([]EventKind{EventLoad, EventDepart}, more...)...)
	}
	switch state {
	case Reserved:
	case Lapsed:
		w.when = time.UnixMilli(int64(w.trip.AnswerBy)).Add(time.Minute)
	case Declined:
		w.did(EventDecline)
	case Cancelled:
		w.did(EventCancel)
	case Confirmed:
		w.did(EventConfirm)
	case NoShow:
		w.did(EventConfirm)
		w.late()
		w.did(EventNoShow)
	case NoGoods:
		w.did(EventConfirm, EventArrive, EventNoGoods)
	case AtLoading:
		w.did(EventConfirm)
		w.at("2020-02-03 14:00")
		w.did(EventArrive)
	case Running:
		loaded()
	case AtHandOver:
		loaded(EventHandOver)
	case HandedOver:
		loaded(EventHandOver, EventTakeOver)
	case BrokenDown:
		loaded(EventBreakdown)
	case Held:
		loaded(EventHold)
	case Unloading:
		loaded(EventArrive)
	case Done:
		loaded(EventArrive)
		w.want(second(w.Deliver(t.Context(), unionHosp, w.trip.ID, 1, Report{}, w.all(measure.Kilogram))), "")
	}
	if got := w.State(t.Context(), w.now()); got != state {
		t.Fatalf("is %s, not %s", got, state)
	}
	return w
}

// reached is the state after an act, or its fault.
func (w *walker) reached(err error) string {
	w.t.Helper()
	listed, failed := tripsToLoad(w.t.Context(), w.db.Read())
	w.want(failed, "")
	equal(w.t, "trips with something to load", len(listed) > 0, len(w.now().toLoad()) > 0)
	w.stands()
	switch f := fault.Of(err); {
	case f != nil:
		return f.Code
	case err != nil:
		return "ledger"
	}
	return string(w.State(w.t.Context(), w.now()))
}

// stands holds the list of the trips that stand against the state: what ended without goods is in it no more, what goes on is.
func (w *walker) stands() {
	w.t.Helper()
	list, err := w.Trips(w.t.Context(), dispatcher, true, "", 10)
	w.want(err, "")
	switch state := w.State(w.t.Context(), w.now()); state {
	case Declined, Cancelled:
		equal(w.t, "standing when "+string(state), len(list), 0)
	case Lapsed, Done: // until the clock has said so, or it is settled
	default:
		equal(w.t, "standing when "+string(state), len(list), 1)
	}
}

// late lets so much time pass that the truck should long have been there.
func (w *walker) late() { w.when = time.UnixMilli(int64(w.trip.Outline.Stops[0].Start + noShowGrace)) }

// leads is what the first of those who may reach by each act of the table, and the fault where there is nothing to do.
const leads = `
at_hand_over divert_ask at_hand_over
at_hand_over give_haulage at_hand_over
at_hand_over lost done
at_hand_over take_over handed_over
at_hand_over temperature at_hand_over
breakdown divert_ask breakdown
breakdown give_haulage breakdown
breakdown hand_over at_hand_over
breakdown lost done
breakdown repair running
breakdown return done
breakdown temperature breakdown
confirmed arrive loading
confirmed cancel cancelled
confirmed give_haulage confirmed
confirmed load loading
confirmed no_goods not_at_ramp
confirmed no_show no_show
confirmed scan confirmed
done give_haulage done
done settle done
done take_back done
handed_over arrive unloading
handed_over breakdown breakdown
handed_over deliver done
handed_over divert_ask handed_over
handed_over give_haulage handed_over
handed_over hand_over at_hand_over
handed_over hold held
handed_over lost done
handed_over return done
handed_over take_back not_enough
handed_over temperature handed_over
held arrive held
held check running
held divert_ask held
held give_haulage held
held lost done
held return done
held temperature held
lapsed cancel cancelled
loading arrive loading
loading depart stop_open
loading divert_ask loading
loading give_haulage loading
loading hold held
loading load loading
loading no_goods no_goods
loading scan loading
loading temperature loading
reserved cancel cancelled
reserved confirm confirmed
reserved decline declined
running arrive unloading
running breakdown breakdown
running deliver done
running divert_ask running
running give_haulage running
running hand_over at_hand_over
running hold held
running load loaded_already
running lost done
running return done
running scan counted_both
running take_back not_enough
running temperature running
unloading arrive unloading
unloading deliver done
unloading depart stop_open
unloading divert_ask unloading
unloading give_haulage unloading
unloading hold held
unloading return done
unloading take_back not_enough
unloading temperature unloading`

// Everybody tries every act in every state of a trip: the table says what goes, and nothing else leaves a trace.
func TestEveryActInEveryStateOfATrip(t *testing.T) {
	t.Parallel()
	states := []TripState{Reserved, Lapsed, Declined, Cancelled, Confirmed, NoShow, NoGoods, AtLoading, Running, AtHandOver, HandedOver, BrokenDown, Held, Unloading, Done}
	cells := strings.Split(strings.TrimSpace(leads), "\n")
	n := 0
	for kind := range roadActs {
		n += len(steps[kind])
	}
	equal(t, "cells of the table", len(cells), n)
	for _, state := range states {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := into(t, state)
			before := len(w.now().Events)
			for kind, act := range roadActs {
				who := strings.Fields(act.who)
				for name, by := range walkers {
					switch may := slices.Contains(who, name); {
					case !may:
						if f := fault.Of(act.do(w, by)); f == nil || f.Code != "not_yours_to_report" && f.Code != "no_such_trip" {
							t.Errorf("%s by %s: %v", kind, name, f)
						}
					case !slices.Contains(steps[kind], state):
						if f := fault.Of(act.do(w, by)); f == nil || f.Code != "not_in_this_state" {
							t.Errorf("%s by %s: %v", kind, name, f)
						}
					}
				}
			}
			equal(t, "events that were kept", len(w.now().Events)-before, 0)
			for kind, act := range roadActs {
				if !slices.Contains(steps[kind], state) {
					continue
				}
				w := into(t, state)
				switch kind {
				case EventNoShow:
					w.late()
				case EventLost:
					w.when = w.when.Add(72 * time.Hour)
				}
				first, _, _ := strings.Cut(act.who, " ")
				got := w.reached(act.do(w, walkers[first]))
				if !slices.Contains(cells, strings.Join([]string{string(state), string(kind), got}, " ")) {
					t.Errorf("%s %s leads to %s", state, kind, got)
				}
			}
		})
	}
}

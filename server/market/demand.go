package market

import (
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
)

// DemandState is where a demand stands.
type DemandState string

// The states of a demand.
const (
	DemandDraft       DemandState = "draft"
	DemandPosted      DemandState = "posted"       // said by the receiver, not called back yet
	DemandVerified    DemandState = "verified"     // an operator called back
	DemandStale       DemandState = "stale"        // nobody said in time that it still stands
	DemandPartMet     DemandState = "part_met"     // some was accepted
	DemandMet         DemandState = "met"          // as much was accepted as was asked
	DemandRefusedMore DemandState = "refused_more" // the receiver wants no more
	DemandClosed      DemandState = "closed"
	DemandCancelled   DemandState = "cancelled"
)

// DemandSteps are all changes of a demand's state.
var DemandSteps = []Step[DemandState]{
	{DemandDraft, "post", DemandPosted, ByReceiver, ""},
	{DemandPosted, "verify", DemandVerified, ByOperator, "called back, or an official link was seen"},
	{DemandPosted, "age", DemandStale, ByClock, "no word for 48 h (relief) or 14 days (trade)"},
	{DemandVerified, "age", DemandStale, ByClock, "as above"},
	{DemandStale, "confirm", DemandVerified, ByReceiver, "it was verified before"},
	{DemandStale, "confirm", DemandPosted, ByReceiver, "it never was verified"},
	{DemandStale, "verify", DemandVerified, ByOperator, "called back again"},
	{DemandPosted, "confirm", DemandPosted, ByReceiver, "still needed: the clock starts anew"},
	{DemandVerified, "confirm", DemandVerified, ByReceiver, "as above"},
	{DemandPartMet, "confirm", DemandPartMet, ByReceiver, "as above"},
	{DemandVerified, "accept_part", DemandPartMet, ByLedger, "some was accepted, less than was asked"},
	{DemandStale, "accept_part", DemandPartMet, ByLedger, "as above; goods on the road never count"},
	{DemandVerified, "accept_all", DemandMet, ByLedger, "as much was accepted as was asked"},
	{DemandPartMet, "accept_all", DemandMet, ByLedger, "as above"},
	{DemandMet, "close", DemandClosed, ByReceiver, ""},
	{DemandPosted, "refuse_more", DemandRefusedMore, ByReceiver, "without penalty; nothing more sets out"},
	{DemandVerified, "refuse_more", DemandRefusedMore, ByReceiver, "as above"},
	{DemandStale, "refuse_more", DemandRefusedMore, ByReceiver, "as above"},
	{DemandPartMet, "refuse_more", DemandRefusedMore, ByReceiver, "as above"},
	{DemandRefusedMore, "close", DemandClosed, ByReceiver, ""},
	{DemandDraft, "cancel", DemandCancelled, ByReceiver, ""},
	{DemandPosted, "cancel", DemandCancelled, ByReceiver, ""},
	{DemandVerified, "cancel", DemandCancelled, ByReceiver, ""},
	{DemandStale, "cancel", DemandCancelled, ByReceiver, ""},
}

// DemandEnds are the states nothing leads out of.
var DemandEnds = []DemandState{DemandClosed, DemandCancelled}

// AmountKind says how much a demand's grams mean.
type AmountKind string

// The kinds of amount. Of 2,095 hospital need lines of 2020, 86 % had a placeholder where the amount belonged.
const (
	Known   AmountKind = "known"   // exactly this much
	Unknown AmountKind = "unknown" // 不限, or nobody knows yet
	UpTo    AmountKind = "up_to"   // any amount up to this
)

// A demand that nobody confirmed for this long is stale.
const (
	reliefStale = 48 * time.Hour
	tradeStale  = 14 * 24 * time.Hour
)

// Demand says who needs what.
type Demand struct {
	ID          string
	Party       string
	Produce     string
	Kind        AmountKind
	Grams       measure.Grams  // 0 when Unknown
	By          measure.Millis // needed by, 0: no date
	Why         string
	Relief      bool   // a need of the emergency: ages in 48 hours instead of 14 days
	Storage     string // "", "dry", "cool" or "cold"
	UnloadFrom  int    // minutes of the day, China time; both 0: any time
	UnloadTo    int
	NoForklift  bool
	Place       Place
	Act         DemandState // what people last did: draft, posted, verified, refused_more, closed or cancelled
	ConfirmedAt measure.Millis
	VerifiedAt  measure.Millis // 0: never
	VerifiedBy  string
	VerifiedHow string
	Version     int64
	CreatedAt   measure.Millis
	UpdatedAt   measure.Millis
}

// DemandNumbers are a demand's grams as the ledger has them.
type DemandNumbers struct {
	Committed measure.Grams // asked for in orders that the seller has not answered
	Allocated measure.Grams // promised, not yet on a truck
	OnTruck   measure.Grams
	Accepted  measure.Grams // the only ones that count as fulfilled
	HandedOut measure.Grams // of the accepted: to wards
	Rejected  measure.Grams
	Lost      measure.Grams
}

// Coming is what was promised or is on the road.
func (n DemandNumbers) Coming() measure.Grams { return n.Allocated + n.OnTruck }

// State is the demand's state. Goods on the road never count.
func (d Demand) State(n DemandNumbers, now time.Time) DemandState {
	if d.Act != DemandPosted && d.Act != DemandVerified {
		return d.Act
	}
	if d.Kind != Unknown && n.Accepted >= d.Grams {
		return DemandMet
	}
	if n.Accepted > 0 {
		return DemandPartMet
	}
	if d.stale(now) {
		return DemandStale
	}
	return d.Act
}

func (d Demand) stale(now time.Time) bool {
	limit := tradeStale
	if d.Relief {
		limit = reliefStale
	}
	return now.UnixMilli()-int64(d.ConfirmedAt) > limit.Milliseconds()
}

// Open is how much more may be ordered for the demand; limited is false when there is no bound.
func (d Demand) Open(n DemandNumbers) (open measure.Grams, limited bool) {
	if d.Kind == Unknown {
		return 0, false
	}
	return max(0, d.Grams-n.Committed-n.Coming()-n.Accepted), true
}

// Verified reports whether somebody called back and the receiver said yes.
func (d Demand) Verified() bool { return d.VerifiedAt > 0 }

// DemandInput is what is typed in about a demand.
type DemandInput struct {
	Party      string
	Produce    string
	Kind       AmountKind
	Grams      measure.Grams
	By         measure.Millis
	Why        string
	Relief     bool
	Storage    string
	UnloadFrom int
	UnloadTo   int
	NoForklift bool
	Place      Place // "" fields: the party's own place
}

// MaxDemand is the most one demand may ask for: 10,000 t.
const MaxDemand = 10_000 * measure.Tonne

var storages = map[string]bool{"": true, "dry": true, "cool": true, "cold": true}

// check gives the fault of the input at a time, or nil.
func (in DemandInput) check(now time.Time) error {
	if in.Produce == "" {
		return fault.At("produce", "required", "Say which produce is needed.")
	}
	if err := checkAmount(in.Kind, in.Grams); err != nil {
		return err
	}
	if !storages[in.Storage] {
		return fault.At("storage", "unknown_storage", "Storage is dry, cool, cold or left empty.")
	}
	if in.UnloadFrom < 0 || in.UnloadTo > 24*60 || in.UnloadTo < in.UnloadFrom {
		return fault.At("unload", "unload_hours", "The unloading hours lie between 00:00 and 24:00, the first before the last.")
	}
	if in.By != 0 && int64(in.By) < now.UnixMilli() {
		return fault.At("by", "date_past", "The day it is needed by has passed.")
	}
	return checkText("why", in.Why, 0, 2000)
}

// checkAmount faults an amount that does not fit its kind.
func checkAmount(kind AmountKind, g measure.Grams) error {
	switch kind {
	case Unknown:
		if g != 0 {
			return fault.At("amount.weight", "unknown_with_weight", "An unknown amount has no weight; choose up_to for a limit.")
		}
		return nil
	case Known, UpTo:
		return checkMass("amount.weight", g, MaxDemand)
	}
	return fault.At("amount.kind", "unknown_amount_kind", "An amount is known, unknown or up_to.")
}

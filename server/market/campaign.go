package market

import (
	"time"

	"jishi/server/fault"
	"jishi/server/measure"
)

// CampaignState is where a gift plan stands.
type CampaignState string

// The states of a campaign.
const (
	CampaignOpen      CampaignState = "open"             // takes money; the named use is locked
	CampaignFunded    CampaignState = "funded"           // the goal is in the fund, or was and is spent
	CampaignBuying    CampaignState = "buying"           // sellers have confirmed
	CampaignShipping  CampaignState = "shipping"         // goods were loaded
	CampaignDelivered CampaignState = "delivered"        // nothing is left to load or on the road
	CampaignReported  CampaignState = "reported"         // the report is public
	CampaignClosed    CampaignState = "closed"           // the auditor is content
	CampaignFailed    CampaignState = "failed"           // the money goes back
	CampaignUseAsked  CampaignState = "use_change_asked" // the donors are asked about another use
)

// CampaignSteps are all changes of a campaign's state.
var CampaignSteps = []Step[CampaignState]{
	{CampaignOpen, "fund", CampaignFunded, ByLedger, "the goal came into the fund"},
	{CampaignOpen, "buy", CampaignBuying, ByLedger, "a seller confirmed before the goal was reached"},
	{CampaignFunded, "buy", CampaignBuying, ByLedger, "sellers have confirmed"},
	{CampaignBuying, "ship", CampaignShipping, ByLedger, "the first goods are loaded; the receivers said yes before"},
	{CampaignShipping, "deliver", CampaignDelivered, ByLedger, "nothing is left to load or on the road"},
	{CampaignDelivered, "report", CampaignReported, ByDonor, "the report is public"},
	{CampaignReported, "close", CampaignClosed, ByAuditor, "the report is right"},
	{CampaignOpen, "fail", CampaignFailed, ByOperator, "the money goes back"},
	{CampaignFunded, "fail", CampaignFailed, ByOperator, "as above: nothing was bought, or the order was called off"},
	{"*", "ask_use", CampaignUseAsked, ByDonor, "another use is asked for; every donor must say yes, silence is a no"},
	{"*", "ask_use", CampaignUseAsked, ByOperator, "as above"},
	{"*", "ask_use", CampaignUseAsked, ByDispatcher, "as above: a truck has to be diverted"},
	{CampaignUseAsked, "answer", CampaignOpen, ByDonor, "back to where it stood, with the new use only if all said yes"},
}

// CampaignEnds are the states nothing leads out of.
var CampaignEnds = []CampaignState{CampaignClosed, CampaignFailed}

// Campaign is a gift plan: who gives, what for, and to whom.
type Campaign struct {
	ID         string
	Donor      string // party that opened it
	Title      string
	NamedUse   string // locked from the opening on
	GoalGrams  measure.Grams
	GoalFen    measure.Fen
	Reference  string        // what a transfer to the fund quotes
	Act        CampaignState // what people last did: open, closed or failed
	ReportedAt measure.Millis
	Version    int64
	CreatedAt  measure.Millis
	UpdatedAt  measure.Millis
	Demands    []string // the needs it is for, sorted
	Donors     []string // parties that must agree to another use, sorted
}

// CampaignNumbers are a campaign's sums as the ledger has them.
type CampaignNumbers struct {
	Paid     measure.Fen   // came in
	Fund     measure.Fen   // not yet bound to an order
	Reserved measure.Grams // promised by sellers, not yet on a truck
	OnTruck  measure.Grams
	Loaded   measure.Grams // ever
	Accepted measure.Grams
	UseAsked bool // donors are being asked
}

// State is the campaign's state.
func (c Campaign) State(n CampaignNumbers) CampaignState {
	if c.Act != CampaignOpen {
		return c.Act
	}
	if n.UseAsked {
		return CampaignUseAsked
	}
	if n.Loaded > 0 {
		return c.shippingState(n)
	}
	if n.Reserved > 0 {
		return CampaignBuying
	}
	if n.Paid > 0 && n.Paid >= c.GoalFen {
		return CampaignFunded
	}
	return CampaignOpen
}

func (c Campaign) shippingState(n CampaignNumbers) CampaignState {
	if n.OnTruck > 0 || n.Reserved > 0 {
		return CampaignShipping
	}
	if c.ReportedAt > 0 {
		return CampaignReported
	}
	return CampaignDelivered
}

// CampaignInput is what is typed in about a campaign.
type CampaignInput struct {
	Donor     string
	Title     string
	NamedUse  string
	Demands   []string
	GoalGrams measure.Grams
	GoalFen   measure.Fen
}

// check gives the fault of the input, or nil.
func (in CampaignInput) check() error {
	if err := checkText("title", in.Title, 1, 200); err != nil {
		return err
	}
	if err := checkText("named_use", in.NamedUse, 1, 500); err != nil {
		return err
	}
	if len(in.Demands) == 0 || len(in.Demands) > 200 {
		return fault.At("demands", "required", "Name the needs the gift is for, at most 200.")
	}
	if in.GoalGrams < 0 || in.GoalGrams > MaxDemand {
		return fault.At("goal_weight", "bad_weight", "The goal can't be below zero or above 10,000 t.")
	}
	if in.GoalFen < 0 || in.GoalFen > maxMoney {
		return fault.At("goal_money", "bad_money", "The goal can't be below zero or above a billion yuan.")
	}
	return nil
}

// maxMoney is the most any one sum may be: a billion yuan.
const maxMoney measure.Fen = 100_000_000_000

// Outcome is how the donors' answers came out.
type Outcome string

// The outcomes of asking.
const (
	Asked   Outcome = "asked"   // somebody has not answered and there is time
	Agreed  Outcome = "agreed"  // every donor said yes
	Refused Outcome = "refused" // one said no, or one had not answered when the time was over
)

// UseChange asks all donors of a campaign to agree to another use.
type UseChange struct {
	ID          string
	Campaign    string
	OldUse      string
	NewUse      string
	Demands     []string // the needs of the new use
	Reason      string
	AnswerUntil measure.Millis
	AskedAt     measure.Millis
	AskedBy     string
	Answers     map[string]bool // by donor; no entry: no answer yet
	Settled     Outcome         // as it came out, or asked: who joins later is not asked any more
}

// silent gives the first of some donors that has not answered, or else the first of them.
func (u UseChange) silent(donors []string) string {
	for _, d := range donors {
		if _, said := u.Answers[d]; !said {
			return d
		}
	}
	return donors[0]
}

// Outcome tells how it stands: every donor must say yes in time, and no answer is a no.
func (u UseChange) Outcome(donors []string, now time.Time) Outcome {
	if u.Settled == Agreed || u.Settled == Refused {
		return u.Settled
	}
	yes := 0
	for _, d := range donors {
		if answer, ok := u.Answers[d]; ok && !answer {
			return Refused
		} else if ok {
			yes++
		}
	}
	if yes == len(donors) {
		return Agreed
	}
	if now.UnixMilli() > int64(u.AnswerUntil) {
		return Refused
	}
	return Asked
}

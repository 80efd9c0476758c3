package orders_test

import (
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/market/markettest"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// pledged is a market in which the firm puts up 100.00 for a truck of liulin's, as often as asked.
type pledged struct {
	*till
	share    map[string]int    // 1/1000 that an operator rules, by deposit
	disputes map[string]string // by deposit
}

// anyCarrier is whoever may see and pay the firm's deposits.
var anyCarrier = actor("firm", auth.Donor, auth.Buyer, auth.Carrier)

// asked makes a deposit of which an operator will say so much.
func (p *pledged) asked(mille int) string {
	p.t.Helper()
	var d orders.Deposit
	p.do(func(tx store.Tx) (err error) {
		d, err = p.orders.AskDeposit(p.ctx, tx, auth.System("dispatch"), orders.Deposit{For: orders.ForCapacity, ForID: store.NewID(), Party: "firm", Other: "liulin",
			OtherAccount: orders.Payable("liulin"), Fen: 100_00, Until: p.now()})
		return err
	})
	p.share[d.ID] = mille
	return d.ID
}

func (p *pledged) deposit(id string) orders.Deposit {
	p.t.Helper()
	d, err := orders.DepositByID(p.ctx, p.db.Read(), id)
	return get(p.t, d, err)
}

func (p *pledged) state(id string) string {
	p.t.Helper()
	d := p.deposit(id)
	n, err := orders.NumbersOfDeposit(p.ctx, p.db.Read(), d)
	return string(d.State(get(p.t, n, err)))
}

// transfer pays so much of a deposit in by bank.
func (p *pledged) transfer(id string, amount measure.Fen) { p.pay(p.deposit(id).Reference, amount) }

// card pays a deposit with a card.
func (p *pledged) card(id string) {
	p.t.Helper()
	v, err := p.orders.Checkout(p.ctx, anyCarrier, orders.CheckoutInput{For: payment.ForDeposit, ForID: id, Lang: "zh"})
	v = get(p.t, v, err)
	p.payOn(v.Session, fakepay.How{})
	p.settleDown()
	p.disputes[id] = v.Session
}

// dispute lets the card's bank take a deposit back.
func (p *pledged) dispute(id string) {
	p.t.Helper()
	d, err := p.fake.Dispute(p.disputes[id])
	p.disputes[id] = get(p.t, d, err)
	p.settleDown()
}

// over ends the promise: kept, or broken so far, or nobody says by whom.
func (p *pledged) over(id string, mille int, unsettled bool) {
	p.t.Helper()
	p.do(func(tx store.Tx) error {
		_, err := p.orders.EndDeposits(p.ctx, tx, auth.System("dispatch"), orders.DepositEnd{ForID: p.deposit(id).ForID, Broken: "firm", Mille: mille, Unsettled: unsettled, Why: "a reason", At: p.now()})
		return err
	})
}

// after is a fresh deposit to which all of it was done.
func (p *pledged) after(mille int, acts ...func(id string)) func() string {
	return func() string {
		id := p.asked(mille)
		for _, act := range acts {
			act(id)
		}
		return id
	}
}

func newPledged(t *testing.T, db *store.DB) *pledged {
	w := newWorld(t, db)
	p := &pledged{till: &till{world: w}, share: map[string]int{}, disputes: map[string]string{}}
	p.fake = connect(t, w)
	return p
}

func (p *pledged) part(id string)     { p.transfer(id, 40_00) }
func (p *pledged) whole(id string)    { p.transfer(id, 100_00) }
func (p *pledged) kept(id string)     { p.over(id, 0, false) }
func (p *pledged) halfLost(id string) { p.over(id, 300, false) }
func (p *pledged) allLost(id string)  { p.over(id, 1000, false) }
func (p *pledged) left(id string)     { p.over(id, 0, true) }

// Nobody but an operator decides about a deposit, and only where there is something to decide.
func TestEveryRulingOnADeposit(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		p := newPledged(t, db)
		machine{
			start: string(orders.DepositAsked), steps: markettest.Plain[orders.DepositState](orders.DepositSteps), ends: markettest.Words(orders.DepositEnds),
			into: map[string][]func() string{
				"asked":     {p.after(500), p.after(500, p.part), p.after(500, p.card, p.dispute)},
				"held":      {p.after(0, p.whole), p.after(500, p.whole), p.after(1000, p.card)},
				"undecided": {p.after(0, p.whole, p.left), p.after(500, p.whole, p.left, p.left), p.after(1000, p.whole, p.left), p.after(500, p.card, p.left, p.dispute)},
				"released":  {p.after(500, p.whole, p.kept)}, "split": {p.after(500, p.whole, p.halfLost)}, "forfeited": {p.after(500, p.whole, p.allLost)},
				"dropped": {p.after(500, p.kept)},
			},
			act: map[string]func(auth.Actor, string) error{"rule": func(by auth.Actor, id string) error {
				_, err := p.orders.RuleDeposit(p.ctx, by, id, p.share[id], "a reason")
				return err
			}},
			who:    []player{{operator, []market.Who{orders.ByOperator}}, {finance, nil}, {anyCarrier, nil}, {liulin, nil}, {biaojiao, nil}},
			refuse: []string{"deposit_state"}, state: p.state,
		}.walk(t)
		p.verify()
	})
}

// What money and the end of a promise do, row by row of the table; and none of it moves a deposit that is over.
func TestEveryMoveOfADepositThatNobodyMakes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		p := newPledged(t, db)
		machine{state: p.state, steps: markettest.Plain[orders.DepositState](orders.DepositSteps)}.moves(t, map[way][]move{
			{"asked", "pay", "held"}:      {{p.after(0, p.part), func(id string) { p.transfer(id, 60_00) }}},
			{"held", "dispute", "asked"}:  {{p.after(0, p.card), p.dispute}},
			{"asked", "dispute", "held"}:  {{p.after(0, p.card, p.dispute), func(id string) { p.done(nil, p.fake.Judge(p.disputes[id], true)); p.settleDown() }}},
			{"asked", "end", "dropped"}:   {{p.after(0), p.allLost}},
			{"asked", "end", "released"}:  {{p.after(0, p.part), p.kept}},
			{"asked", "end", "split"}:     {{p.after(0, p.part), p.halfLost}},
			{"asked", "end", "forfeited"}: {{p.after(0, p.part), p.allLost}},
			{"held", "end", "released"}:   {{p.after(0, p.whole), p.kept}},
			{"held", "end", "split"}:      {{p.after(0, p.whole), p.halfLost}},
			{"held", "end", "forfeited"}:  {{p.after(0, p.whole), p.allLost}},
			{"held", "end", "undecided"}:  {{p.after(0, p.whole), p.left}},
		}, nil)
		p.stays()
		p.verify()
	})
}

// stays checks that nothing moves a deposit that is over: what comes for it is owed back.
func (p *pledged) stays() {
	p.t.Helper()
	for end, fresh := range map[orders.DepositState]func() string{
		orders.DepositReleased: p.after(0, p.whole, p.kept), orders.DepositSplit: p.after(0, p.whole, p.halfLost),
		orders.DepositForfeited: p.after(0, p.whole, p.allLost), orders.DepositDropped: p.after(0, p.kept),
	} {
		id := fresh()
		owed, lost := p.fen(orders.Refund("firm")), p.fen(orders.Payable("liulin"))
		p.part(id)
		p.allLost(id)
		p.left(id)
		if got := p.state(id); got != string(end) {
			p.t.Errorf("%s became %s", end, got)
		}
		if back := p.fen(orders.Refund("firm")) - owed; back != 40_00 || p.fen(orders.Payable("liulin")) != lost {
			p.t.Errorf("%s: %s is owed back, and %s went to the other side", end, back, p.fen(orders.Payable("liulin"))-lost)
		}
		if _, err := p.orders.Checkout(p.ctx, anyCarrier, orders.CheckoutInput{For: payment.ForDeposit, ForID: id, Lang: "zh"}); fault.Of(err) == nil {
			p.t.Errorf("%s can be paid by card: %v", end, err)
		}
	}
}

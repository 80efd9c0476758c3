//go:build !race

package app

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/payment/fakepay"
	"jishi/server/store"
)

// tale is one story: a lot, an order of it, and all that may happen to its goods and its money.
type tale struct {
	*teller
	*rand.Rand

	seller, buyer string
	needs         []string
	campaign      string
	order         string
	trucks        []truck
	before        struct {
		gateway, owed   measure.Fen
		sessions, event int
		entry           string
	}
	planned  int // consignments so far
	seed     uint64
	handouts []string // need and id
	haulage  measure.Fen
	charge   measure.Fen // for cancelling
	holds    []hold

	forfeited measure.Fen // of deposits, to the carrier
	paid      measure.Fen // by the payer, less what went back
}

// truck is a consignment as the story knows it.
type truck struct {
	id, alloc, line, need string
	planned               measure.Grams
	loaded                measure.Grams // 0: not yet
	received              bool
	accepted              measure.Grams
}

// Acts that stories have to succeed in, so that stories which go nowhere are seen: oftenTold in every run, seldomTold in a thousand.
var (
	oftenTold = []string{
		"submit", "confirm", "decline", "cancel", "expire", "pay by bank", "open page", "pay", "pay later", "pay other sum", "dispute", "win dispute", "lose dispute",
		"take", "load", "receive", "hand out", "settle", "fail payout", "prove payout", "refuse run", "return unspent",
		"hold truck", "give deposit back", "leave deposit", "rule deposit", "forfeit deposit",
	}
	seldomTold = []string{
		"offer less", "agree to less", "take held", "return held", "untake", "undo hand out", "claim", "agree claim", "rule claim", "refuse part", "stop", "pay haulage",
		"accept", "report",
	}
)

func (t *tale) run() {
	t.begin()
	if t.order == "" {
		return
	}
	for range 15 + t.IntN(40) {
		t.act()
		if t.chance(6) {
			t.now = t.now.Add(time.Duration(t.IntN(40)) * time.Hour)
		}
	}
	t.end()
	t.check()
}

func (t *tale) chance(n int) bool { return t.IntN(n) == 0 }

func (t *tale) oneOf(words ...string) string { return words[t.IntN(len(words))] }

// upTo gives 1 to n.
func (t *tale) upTo(n int64) int64 { return 1 + t.Int64N(max(n, 1)) }

// begin makes the lot, the needs, at times a campaign, and the order.
func (t *tale) begin() {
	t.seller, t.buyer = t.oneOf("liulin", "biaojiao"), t.oneOf("donor", "firm")
	seller, produce := role(auth.Coop, t.seller), produceOf(t.seller)
	weight := measure.Grams(t.upTo(3_000_000))
	in := market.LotInput{Party: partyID(t.seller), Produce: produce, Weight: weight, Place: market.Place{Adcode: "610322"}}
	if t.seller == "liulin" && t.chance(2) {
		left := weight
		for i, h := range poor {
			part := left / measure.Grams(2+t.IntN(4))
			if i == len(poor)-1 {
				part = left
			}
			if left -= part; part > 0 {
				in.Shares = append(in.Shares, market.Share{Household: h, Grams: part})
			}
		}
	}
	lot, err := t.site.market.CreateLot(t.ctx(), seller, in)
	t.must(err)
	t.before.gateway, t.before.owed = measure.Fen(t.fake.Balance()), -t.fen(orders.Owed(partyID(t.buyer)))
	t.before.entry = store.NewID()
	t.before.sessions, t.before.event = len(t.fake.Sessions()), len(t.fake.All())
	offer := t.offer(seller, lot.ID)
	ordered := measure.Grams(t.upTo(int64(weight)))
	line := orders.LineInput{Offer: offer, Grams: ordered}
	gift, left := t.chance(3), ordered
	for n := range 2 {
		part := measure.Grams(t.upTo(int64(left)))
		if gift && n == 1 || t.chance(3) { // all of a gift has a receiver
			part = left
		}
		line.To = append(line.To, orders.ToInput{Demand: t.need(produce), Grams: part})
		if left -= part; left == 0 {
			break
		}
	}
	order := orders.Input{Buyer: partyID(t.buyer), Lines: []orders.LineInput{line}}
	if gift {
		c, err := t.site.market.OpenCampaign(t.ctx(), t.giver(), "", market.CampaignInput{Donor: partyID(t.buyer), Title: "一车", NamedUse: "给医护", Demands: t.needs, GoalGrams: ordered})
		t.must(err)
		t.campaign, order.Campaign = c.ID, c.ID
	}
	o, err := t.site.orders.Submit(t.ctx(), t.giver(), order)
	if t.try("submit", err) {
		t.order = o.ID
	}
}

func (t *tale) giver() auth.Actor {
	a := role(auth.Donor, t.buyer)
	a.Grants = append(a.Grants, auth.Grant{Role: auth.Buyer, Party: partyID(t.buyer)})
	return a
}

func (t *tale) offer(seller auth.Actor, lot string) string {
	price := measure.PriceE4(t.upTo(90_000))
	in := market.OfferInput{Lot: lot, Price: price, Benefit: measure.PriceE4(t.Int64N(int64(price) + 1)), Loss: &market.LossTerms{
		MoisturePerMille: t.IntN(60), Bearer: market.LossBearer(t.oneOf(string(market.CarrierBears), string(market.SellerBears))),
	}}
	if t.chance(2) {
		from := measure.Millis(t.now.Add(time.Duration(t.IntN(80)) * time.Hour).UnixMilli())
		in.Pickup = measure.Window{From: from, To: from + 48*3_600_000}
	}
	o, err := t.site.market.CreateOffer(t.ctx(), seller, "", in)
	t.must(err)
	_, _, err = t.site.market.ActOnOffer(t.ctx(), seller, o.ID, "publish", "")
	t.must(err)
	return o.ID
}

func (t *tale) need(produce string) string {
	hospital := t.oneOf("union", "zhongnan")
	d, err := t.site.market.CreateDemand(t.ctx(), role(auth.Receiver, hospital), "", market.DemandInput{Party: partyID(hospital), Produce: produce, Kind: market.Unknown, Relief: true})
	t.must(err)
	_, err = t.site.market.VerifyDemand(t.ctx(), role(auth.Operator, ""), d.ID, market.Call{How: "回拨", Kind: market.UpTo, Grams: 20 * measure.Tonne})
	t.must(err)
	t.needs = append(t.needs, d.ID)
	return d.ID
}

// receivers are the people of both hospitals; each act is tried by the one whose it is.
var receivers = auth.Actor{User: "tale-receivers", Grants: []auth.Grant{{Role: auth.Receiver, Party: partyID("union")}, {Role: auth.Receiver, Party: partyID("zhongnan")}}}

func (t *tale) view() orders.View {
	v, err := t.site.orders.Order(t.ctx(), role(auth.Finance, ""), t.order)
	t.must(err)
	return v
}

// act does one thing, by what the order is like.
func (t *tale) act() {
	money := []func(){t.payByBank, t.payByBank, t.payOnPage, t.payOnPage, t.payOnPage, t.service, t.service, t.heldPayment, t.disputePayment, t.judge, t.payOut}
	var goods []func()
	switch t.view().State {
	case orders.Submitted:
		goods = []func(){t.confirm, t.confirm, t.confirm, t.confirm, t.decline, t.less, t.cancel, t.expire}
	case orders.OfferedLess:
		goods = []func(){t.agree, t.agree, t.cancel, t.expire}
	case orders.Settled, orders.Closed:
		goods = []func(){t.payOut, t.payOut, t.handOut}
	case orders.Cancelled, orders.Declined, orders.Expired:
		goods = []func(){t.payOut}
	default:
		goods = []func(){t.take, t.take, t.untake, t.load, t.load, t.load, t.receive, t.receive, t.receive, t.cancel, t.refusePart}
		if t.some(delivered) != nil {
			goods = append(goods, t.stop, t.handOut, t.handOut, t.handOut, t.claim, t.claim, t.claim, t.decide, t.decide, t.payHaulage, t.payHaulage, t.accept, t.settle)
		}
	}
	if t.campaign == "" && t.chance(4) {
		deposits := []func(){t.holdTruck, t.payDeposit, t.payDeposit, t.endHold, t.ruleDeposit}
		deposits[t.IntN(len(deposits))]()
		return
	}
	if acts := goods; t.chance(2) || len(acts) == 0 {
		money[t.IntN(len(money))]()
	} else {
		acts[t.IntN(len(acts))]()
	}
}

func (t *tale) confirm() {
	_, err := t.site.orders.Confirm(t.ctx(), role(auth.Coop, t.seller), t.order)
	t.try("confirm", err)
}

func (t *tale) decline() {
	_, err := t.site.orders.Decline(t.ctx(), role(auth.Coop, t.seller), t.order, "没有了")
	t.try("decline", err)
}

func (t *tale) less() {
	l := t.view().Lines[0]
	_, err := t.site.orders.OfferLess(t.ctx(), role(auth.Coop, t.seller), t.order, map[string]measure.Grams{l.ID: measure.Grams(t.upTo(int64(l.Grams)))})
	t.try("offer less", err)
}

func (t *tale) agree() {
	_, err := t.site.orders.AgreeToLess(t.ctx(), t.giver(), t.order, false)
	t.try("agree to less", err)
}

func (t *tale) expire() {
	t.now = t.now.Add(50 * time.Hour)
	n, err := t.site.orders.ExpireDue(t.ctx())
	if t.must(err); n > 0 {
		t.did("expire")
	}
}

// cancel is seldom: it ends the story.
func (t *tale) cancel() {
	if !t.chance(4) {
		return
	}
	by := t.giver()
	if t.chance(3) {
		by = role(auth.Coop, t.seller)
	}
	q, err := t.site.orders.CancelQuote(t.ctx(), by, t.order)
	if err == nil {
		_, err = t.site.orders.Cancel(t.ctx(), by, t.order, "不要了")
	}
	if t.try("cancel", err) {
		t.charge = q.Charge
	}
}

// payByBank pays what is lacking, a part of it, or too much; at times without a reference, for finance to match.
func (t *tale) payByBank() {
	v := t.view()
	amount := max(1, v.Invoice)
	if !t.chance(3) {
		amount = measure.Fen(t.upTo(int64(v.Invoice) * 3 / 2))
	}
	t.transfer(amount, t.oneOf(v.Reference, v.Reference, "货款"))
}

func (t *tale) transfer(amount measure.Fen, words string) {
	t.lines++
	l := payment.BankLine{ClientID: fmt.Sprintf("tale-%d", t.lines), Reference: words, Fen: amount, PaidAt: measure.Millis(t.now.UnixMilli()), Payer: "甲(演示)"}
	list, err := t.site.orders.ImportBank(t.ctx(), role(auth.Finance, ""), []payment.BankLine{l})
	if !t.try("pay by bank", err) {
		return
	}
	t.bank, t.paid = t.bank+amount, t.paid+amount
	if list[0].ForID == "" {
		_, err = t.site.orders.MatchBank(t.ctx(), role(auth.Finance, ""), list[0].ID, t.view().Reference)
		t.must(err)
	}
}

// payOnPage opens a page and does there what payers do.
func (t *tale) payOnPage() {
	in := orders.CheckoutInput{For: payment.ForOrder, ForID: t.order, Lang: "zh"}
	if t.campaign != "" {
		in = orders.CheckoutInput{For: payment.ForCampaign, ForID: t.campaign, Payer: partyID(t.buyer), Fen: measure.Fen(t.upTo(int64(t.view().Invoice) * 2)), Lang: "zh"}
	}
	t.payPage(in)
}

func (t *tale) payPage(in orders.CheckoutInput) {
	c, err := t.site.orders.Checkout(t.ctx(), t.giver(), in)
	if !t.try("open page", err) || c.State != orders.PayNeedsAction || t.chance(5) {
		return
	}
	how := fakepay.How{Method: t.oneOf("card", "card", "wechat_pay", "alipay")}
	name := "pay"
	switch t.IntN(8) {
	case 0:
		how.Later, name = true, "pay later"
	case 1:
		how.Fen, name = t.upTo(int64(c.Fen)*2), "pay other sum"
	}
	if err = t.fake.Pay(c.Session, how); errors.Is(err, fakepay.ErrNotOpen) { // paid already, and the market has not heard of it yet
		t.faults["pay twice"]++
		return
	}
	t.must(err)
	t.did(name)
	t.service()
}

// service lets the payment service tell some of what it has to say, twice and out of order, and the site do a round.
func (t *tale) service() {
	if t.chance(3) {
		for _, id := range t.pages() {
			_ = t.fake.Arrive(id, !t.chance(3)) // only those on their way
		}
	}
	events := t.fake.Waiting()
	t.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	if n := len(events); n > 0 {
		events = append(events[:t.IntN(n)+1], events[0])
	}
	if all := t.fake.All()[t.before.event:]; len(all) > 0 && t.chance(3) {
		events = append(events, all[len(all)-1-t.IntN(min(len(all), 20))])
	}
	t.must(t.fake.Deliver(t.ctx(), events...))
	if t.chance(2) {
		t.fake.FailRefunds(t.chance(5))
		t.must(t.site.orders.RunGateway(t.ctx()))
	}
}

// pages are those of this story.
func (t *tale) pages() []string { return t.fake.Sessions()[t.before.sessions:] }

// quiet lets both say everything.
func (t *tale) quiet() {
	t.fake.FailRefunds(false)
	for _, id := range t.pages() {
		_ = t.fake.Arrive(id, true)
	}
	for range 4 {
		t.must(t.fake.Deliver(t.ctx(), t.fake.Waiting()...))
		t.must(t.site.orders.RunGateway(t.ctx()))
	}
}

func (t *tale) heldPayment() {
	list, err := t.site.orders.HeldPayments(t.ctx(), role(auth.Finance, ""))
	t.must(err)
	for _, c := range list {
		take := t.chance(2)
		_, err = t.site.orders.Release(t.ctx(), role(auth.Finance, ""), c.ID, take, "问过了")
		t.try(map[bool]string{true: "take held", false: "return held"}[take], err)
	}
}

func (t *tale) disputePayment() {
	ids := t.pages()
	if len(ids) == 0 || !t.chance(2) {
		return
	}
	if _, err := t.fake.Dispute(ids[len(ids)-1-t.IntN(min(3, len(ids)))]); err == nil {
		t.did("dispute")
		t.service()
	}
}

func (t *tale) judge() {
	for _, d := range t.fake.Disputed() {
		if won := t.chance(2); t.fake.Judge(d, won) == nil {
			t.did(map[bool]string{true: "win dispute", false: "lose dispute"}[won])
		}
	}
	t.service()
}

// inTx does an act of a trip.
func (t *tale) inTx(name string, act func(tx store.Tx) error) bool {
	return t.try(name, t.site.db.InTx(t.ctx(), act))
}

//go:build !race

package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/store"
)

var carrier = role(auth.Driver, "haulier")

func (t *tale) millis() measure.Millis { return measure.Millis(t.now.UnixMilli()) }

// take plans a part of an allocation, or the whole.
func (t *tale) take() {
	l := t.view().Lines[0]
	if len(l.To) == 0 {
		return
	}
	a := l.To[t.IntN(len(l.To))]
	g := a.Promised()
	if t.chance(2) {
		g = measure.Grams(t.upTo(int64(g)))
	}
	c := truck{id: fmt.Sprintf("truck-%d-%03d", t.seed, t.planned), alloc: a.ID, line: l.ID, need: a.Demand, planned: g}
	t.planned++
	if t.inTx("take", func(tx store.Tx) error {
		return t.site.orders.Take(t.ctx(), tx, carrier, orders.Taking{Allocation: c.alloc, Consignment: c.id, Grams: g, At: t.millis()})
	}) {
		t.trucks = append(t.trucks, c)
	}
}

// some gives a truck that is where want says, nil for none.
func (t *tale) some(want func(truck) bool) *truck {
	var fit []int
	for i, c := range t.trucks {
		if want(c) {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return &t.trucks[fit[t.IntN(len(fit))]]
}

func toLoad(c truck) bool    { return c.loaded == 0 }
func onRoad(c truck) bool    { return c.loaded > 0 && !c.received }
func delivered(c truck) bool { return c.received }

func (t *tale) untake() {
	c := t.some(toLoad)
	if c == nil || !t.chance(3) {
		return
	}
	if id := c.id; t.inTx("untake", func(tx store.Tx) error { return t.site.orders.Untake(t.ctx(), tx, carrier, id, t.millis()) }) {
		t.trucks = slices.DeleteFunc(t.trucks, func(c truck) bool { return c.id == id })
	}
}

// load weighs a little more or less than was planned, at times a part.
func (t *tale) load() {
	c := t.some(toLoad)
	if c == nil {
		return
	}
	g := max(1, c.planned*measure.Grams(985+t.IntN(30))/1000)
	if t.chance(6) {
		g = measure.Grams(t.upTo(int64(c.planned)))
	}
	l := orders.Loading{ClientID: "load-" + c.id, Consignment: c.id, Grams: g, At: t.millis()}
	if t.inTx("load", func(tx store.Tx) error { return t.site.orders.Loaded(t.ctx(), tx, carrier, l) }) {
		c.loaded = g
	}
}

func (t *tale) receive() {
	c := t.some(onRoad)
	if c == nil {
		return
	}
	lost := measure.Grams(t.Int64N(int64(c.loaded)/12 + 1))
	if t.chance(12) {
		lost = c.loaded
	}
	r := orders.Receipt{
		ClientID: "pod-" + c.id, Consignment: c.id, Received: c.loaded - lost, At: t.millis(),
		Lost: map[orders.LossCause]measure.Grams{orders.LossCauses[t.IntN(len(orders.LossCauses))]: lost},
	}
	if t.chance(3) {
		r.Rejected, r.RejectReason = measure.Grams(t.Int64N(int64(r.Received)+1)), "碰伤"
	}
	if t.inTx("receive", func(tx store.Tx) error { return t.site.orders.Received(t.ctx(), tx, carrier, r) }) {
		c.received, c.accepted = true, r.Received-r.Rejected
	}
}

func (t *tale) refusePart() {
	if t.chance(4) {
		_, err := t.site.orders.RefusePart(t.ctx(), receivers, t.order, "", "够了")
		t.try("refuse part", err)
	}
}

func (t *tale) stop() {
	if t.chance(3) {
		_, err := t.site.orders.Stop(t.ctx(), role(auth.Operator, ""), t.order, "封路")
		t.try("stop", err)
	}
}

// handOut gives a part of what came to a ward, or takes that back.
func (t *tale) handOut() {
	c := t.some(delivered)
	if c == nil {
		return
	}
	if n := len(t.handouts); n > 0 && t.chance(3) {
		need, id, _ := strings.Cut(t.handouts[t.IntN(n)], " ")
		_, err := t.site.orders.UndoHandout(t.ctx(), receivers, need, id)
		t.try("undo hand out", err)
		return
	}
	h, err := t.site.orders.HandOut(t.ctx(), receivers, "", c.need, t.oneOf("一病区", "二病区"), measure.Grams(t.upTo(int64(c.accepted))))
	if t.try("hand out", err) {
		t.handouts = append(t.handouts, c.need+" "+h.ID)
	}
}

func (t *tale) claim() {
	c := t.some(delivered)
	if c == nil || !t.chance(2) {
		return
	}
	_, err := t.site.orders.MakeClaim(t.ctx(), receivers, orders.ClaimInput{
		Order: t.order, Consignment: c.id, Grams: measure.Grams(t.upTo(int64(c.accepted))), Reason: "烂了", Photo: "photo",
	})
	t.try("claim", err)
}

// decide ends the open claims.
func (t *tale) decide() {
	claims, err := t.site.orders.Claims(t.ctx(), role(auth.Operator, ""), t.order)
	t.must(err)
	for _, c := range claims {
		if c.Act != orders.ClaimOpen {
			continue
		}
		granted := measure.Grams(t.Int64N(int64(c.Grams) + 1))
		name := t.oneOf("agree claim", "rule claim")
		if name == "agree claim" {
			_, err = t.site.orders.AgreeClaim(t.ctx(), role(auth.Coop, t.seller), c.ID, granted)
		} else {
			_, err = t.site.orders.RuleClaim(t.ctx(), role(auth.Operator, ""), c.ID, granted, "看过照片")
		}
		if t.try(name, err) {
			i := slices.IndexFunc(t.trucks, func(k truck) bool { return k.id == c.Consignment })
			t.trucks[i].accepted -= granted
		}
	}
}

// payHaulage pays the carrier of a trip out of the gift's fund or the order's escrow.
func (t *tale) payHaulage() {
	c := t.some(delivered)
	if c == nil || !t.chance(3) {
		return
	}
	h := orders.Haulage{ClientID: store.NewID(), Campaign: t.campaign, Order: t.order, Carrier: partyID("haulier"), Trip: "trip", Fen: measure.Fen(t.upTo(500_00)), At: t.millis()}
	if t.inTx("pay haulage", func(tx store.Tx) error { return t.site.orders.PayHaulage(t.ctx(), tx, role(auth.Finance, ""), h) }) {
		t.haulage += h.Fen
	}
}

func (t *tale) accept() {
	for _, need := range t.needs {
		_, err := t.site.orders.Accept(t.ctx(), receivers, t.order, need)
		t.try("accept", err)
	}
}

func (t *tale) settle() {
	_, err := t.site.orders.Settle(t.ctx(), role(auth.Finance, ""), t.order)
	t.try("settle", err)
}

// bringHome ends what is under way with the goods.
func (t *tale) bringHome() {
	for _, want := range []struct {
		of func(truck) bool
		do func()
	}{{toLoad, t.load}, {onRoad, t.receive}} {
		for range 200 {
			if t.some(want.of) == nil {
				break
			}
			want.do()
		}
	}
	switch t.view().State {
	case orders.Submitted, orders.OfferedLess, orders.Confirmed, orders.PartAllocated, orders.Allocated:
		q, err := t.site.orders.CancelQuote(t.ctx(), t.giver(), t.order)
		t.must(err)
		_, err = t.site.orders.Cancel(t.ctx(), t.giver(), t.order, "到此为止")
		t.must(err)
		t.charge = q.Charge
	case orders.InFulfilment:
		_, err := t.site.orders.Stop(t.ctx(), role(auth.Operator, ""), t.order, "到此为止")
		t.must(err)
	}
	t.decide() // a claim waits until everything has come
	t.now = t.now.Add(80 * time.Hour)
}

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"jishi/server/ledger"
	"jishi/server/orders"
)

// The eight things that are always true. They are checked from the tables alone, by other arithmetic than the product's:
// balances are added up anew from the postings, weights and money from the agreements.
//
//  1. What is promised of a lot is at most its net weight, every gram of it is somewhere, and no account is below zero.
//  2. Loaded = received + lost + still on the truck; received = accepted + rejected + returned.
//  3. On no leg does a truck carry more than its payload and its room.
//  4. A need is met by accepted grams alone, never by goods on the road.
//  5. Money adds up to zero, and restricted money goes nowhere but into its use.
//  6. A settlement pays accepted grams times the agreed price, and its lines stay as they were written.
//  7. One act of a device has one effect.
//  8. The parts of a settlement add up to its total.

var invariants = []func(*books) []string{
	(*books).lotsWrong, (*books).consignmentsWrong, (*books).trucksWrong, (*books).needsWrong,
	(*books).moneyWrong, (*books).settlementsWrong, (*books).repeatsWrong, (*books).partsWrong,
}

// checkInvariants fails the test for everything that should always be true and is not.
func checkInvariants(t testing.TB, s *site) {
	t.Helper()
	b := readBooks(t, s)
	for n, find := range invariants {
		for i, wrong := range find(b) {
			if i == 5 {
				t.Errorf("invariant %d: and more", n+1)
				break
			}
			t.Errorf("invariant %d: %s", n+1, wrong)
		}
	}
	for _, wrong := range b.chartWrong() {
		t.Errorf("chart of accounts: %s", wrong)
	}
	report, err := ledger.Verify(context.WithoutCancel(t.Context()), s.db)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range report.Wrong {
		t.Errorf("audit: %s", w)
	}
}

// row is one row of a query by column; numbers are int64, text is string.
type row map[string]any

func (r row) text(column string) string { v, _ := r[column].(string); return v }
func (r row) number(column string) int64 {
	v, _ := r[column].(int64)
	return v
}

// books is everything the checks read, and the balances added up from the postings.
type books struct {
	t        testing.TB
	site     *site
	entries  []row
	postings []row
	grams    map[string]int64
	fen      map[string]int64
	takings  []row
}

func readBooks(t testing.TB, s *site) *books {
	t.Helper()
	b := &books{t: t, site: s, grams: map[string]int64{}, fen: map[string]int64{}}
	b.entries = b.rows(`SELECT id, client_id, kind, subject, body FROM ledger_entries ORDER BY id`)
	b.postings = b.rows(`SELECT entry, unit, from_account, to_account, amount FROM ledger_postings ORDER BY entry, n`)
	b.takings = b.rows(`SELECT consignment, allocation_id, order_id, line_id, lot_id, demand_id, loaded_grams, received_at FROM takings ORDER BY consignment`)
	for _, p := range b.postings {
		sums := b.of(p.text("unit"))
		sums[p.text("from_account")] -= p.number("amount")
		sums[p.text("to_account")] += p.number("amount")
	}
	return b
}

func (b *books) of(unit string) map[string]int64 {
	if unit == "g" {
		return b.grams
	}
	return b.fen
}

func (b *books) rows(query string, args ...any) []row {
	b.t.Helper()
	rows, err := b.site.db.Read().QueryContext(context.WithoutCancel(b.t.Context()), query, args...)
	if err != nil {
		b.t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		b.t.Fatal(err)
	}
	var out []row
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err = rows.Scan(cells...); err != nil {
			b.t.Fatal(err)
		}
		r := row{}
		for i, c := range columns {
			v := *(cells[i].(*any))
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			r[c] = v
		}
		out = append(out, r)
	}
	if err = rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// into adds up what ever came into an account from another account than those below the same prefix.
func (b *books) into(account, notFrom string) int64 {
	var sum int64
	for _, p := range b.postings {
		if p.text("to_account") == account && !strings.HasPrefix(p.text("from_account"), notFrom) {
			sum += p.number("amount")
		}
	}
	return sum
}

// accepted gives what the receiver took of one consignment, what its wards got included.
func (b *books) accepted(consignment string) int64 {
	return b.consigned(consignment, "accepted") + b.consigned(consignment, "accepted/")
}

// consigned gives the grams of one consignment below a name: "rejected", "lost/".
func (b *books) consigned(consignment, name string) int64 {
	prefix := "consign/" + consignment + "/" + name
	if !strings.HasSuffix(name, "/") {
		return b.grams[prefix]
	}
	var sum int64
	for account, n := range b.grams {
		if strings.HasPrefix(account, prefix) {
			sum += n
		}
	}
	return sum
}

func (b *books) lotsWrong() (wrong []string) {
	held := map[string]int64{} // by lot: promised, on the road, delivered, lost
	for _, l := range b.rows(`SELECT id, lot_id FROM order_lines`) {
		held[l.text("lot_id")] += b.grams["line/"+l.text("id")+"/reserved"]
	}
	for _, a := range b.rows(`SELECT a.id, l.lot_id FROM allocations a JOIN order_lines l ON l.id = a.line_id`) {
		held[a.text("lot_id")] += b.grams["alloc/"+a.text("id")+"/allocated"]
	}
	for _, t := range b.takings {
		held[t.text("lot_id")] += b.allOf(t.text("consignment"))
	}
	joined := map[string]int64{}
	for _, j := range b.rows(`SELECT from_lot, grams FROM lot_joins`) {
		joined[j.text("from_lot")] += j.number("grams")
	}
	for _, l := range b.rows(`SELECT id, weighed_grams FROM lots`) {
		id, net := l.text("id"), l.number("weighed_grams")
		left := b.grams["lot/"+id+"/available"]
		if held[id] > net {
			wrong = append(wrong, fmt.Sprintf("lot %s weighed %d g, %d g of it are promised", id, net, held[id]))
		}
		if left+held[id]+joined[id] != net {
			wrong = append(wrong, fmt.Sprintf("lot %s weighed %d g, but %d left + %d promised + %d joined", id, net, left, held[id], joined[id]))
		}
	}
	return append(wrong, b.balancesWrong()...)
}

// allOf adds up every account of a consignment.
func (b *books) allOf(consignment string) int64 {
	return b.consigned(consignment, "allocated") + b.loaded(consignment)
}

// loaded adds up what was put on the truck and not taken off again before it left.
func (b *books) loaded(c string) int64 {
	return b.consigned(c, "on_truck") + b.accepted(c) + b.consigned(c, "rejected") + b.consigned(c, "returned") + b.consigned(c, "lost/")
}

// chartWrong looks for entries of a kind that the chart of accounts does not expect at an account.
func (b *books) chartWrong() (wrong []string) {
	kinds, said := map[string]string{}, map[string]bool{}
	for _, e := range b.entries {
		kinds[e.text("id")] = e.text("kind")
	}
	for _, p := range b.postings {
		kind := kinds[p.text("entry")]
		for _, name := range []string{p.text("from_account"), p.text("to_account")} {
			a, _ := ledger.FindAccount(ledger.Unit(p.text("unit")), name)
			if text := fmt.Sprintf("%s is moved by %q, and the chart does not say so", a.Pattern, kind); !slices.Contains(a.By, kind) && !said[text] {
				said[text] = true
				wrong = append(wrong, text)
			}
		}
	}
	return wrong
}

func (b *books) balancesWrong() (wrong []string) {
	kept := map[string]int64{}
	for _, r := range b.rows(`SELECT unit, account, amount FROM ledger_balances`) {
		kept[r.text("unit")+" "+r.text("account")] = r.number("amount")
	}
	for unit, sums := range map[string]map[string]int64{"g": b.grams, "fen": b.fen} {
		for account, n := range sums {
			if strings.HasPrefix(account, ledger.World) {
				continue
			}
			if n < 0 {
				wrong = append(wrong, fmt.Sprintf("account %s holds %d %s", account, n, unit))
			}
			if kept[unit+" "+account] != n {
				wrong = append(wrong, fmt.Sprintf("account %s holds %d %s, its postings say %d", account, kept[unit+" "+account], unit, n))
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

func (b *books) consignmentsWrong() (wrong []string) {
	known := map[string]bool{}
	for _, t := range b.takings {
		c := t.text("consignment")
		known[c] = true
		put := b.into("consign/"+c+"/on_truck", "consign/"+c+"/on_truck")
		if got := b.loaded(c); put != got {
			wrong = append(wrong, fmt.Sprintf("consignment %s: %d g loaded, %d g on the truck, received or lost", c, put, got))
		}
		if put != t.number("loaded_grams") {
			wrong = append(wrong, fmt.Sprintf("consignment %s: %d g loaded, %d g written down", c, put, t.number("loaded_grams")))
		}
		if t.number("received_at") > 0 && b.consigned(c, "on_truck") != 0 {
			wrong = append(wrong, fmt.Sprintf("consignment %s is signed for with %d g still on the truck", c, b.consigned(c, "on_truck")))
		}
	}
	for _, c := range b.rows(`SELECT c.id FROM consignments c JOIN posted_loads p ON 'posted/' || p.id = c.allocation_id`) {
		id := c.text("id") // of no order: it came from outside, and all of it is somewhere
		known[id] = true
		if put, got := b.into("consign/"+id+"/on_truck", "consign/"+id+"/on_truck"), b.loaded(id); put != got {
			wrong = append(wrong, fmt.Sprintf("consignment %s: %d g loaded, %d g on the truck, received or lost", id, put, got))
		}
	}
	for account := range b.grams {
		rest, ok := strings.CutPrefix(account, "consign/")
		if id, _, _ := strings.Cut(rest, "/"); ok && !known[id] {
			wrong = append(wrong, "goods of no consignment in "+account)
		}
	}
	return wrong
}

func (b *books) trucksWrong() (wrong []string) {
	type leg struct {
		from, to      int64
		grams, volume int64
		people        int64
	}
	legs, class, stops := map[string][]leg{}, map[string]string{}, map[string]int64{}
	for _, c := range b.rows(`
		SELECT c.id, c.trip_id, c.load_stop, c.unload_stop, c.goods, v.truck_type
		FROM consignments c JOIN trips t ON t.id = c.trip_id JOIN vehicles v ON v.id = t.vehicle_id`) {
		var load struct {
			People int64 `json:"people"`
			Goods  struct {
				Net    int64 `json:"net_grams"`
				Gross  int64 `json:"gross_grams"`
				Volume int64 `json:"volume_ml"`
			} `json:"goods"`
		}
		if err := json.Unmarshal([]byte(c.text("goods")), &load); err != nil || load.Goods.Net == 0 && load.People == 0 {
			wrong = append(wrong, fmt.Sprintf("consignment %s: no goods in it: %v", c.text("id"), err))
			continue
		}
		trip, put := c.text("trip_id"), b.loaded(c.text("id"))
		legs[trip] = append(legs[trip], leg{
			c.number("load_stop"), c.number("unload_stop"), put * load.Goods.Gross / max(load.Goods.Net, 1), put * load.Goods.Volume / max(load.Goods.Net, 1), load.People,
		})
		class[trip] = c.text("truck_type")
		stops[trip] = max(stops[trip], c.number("unload_stop"))
	}
	for trip, list := range legs {
		kind, ok := b.site.book.TruckType(class[trip])
		if !ok {
			wrong = append(wrong, fmt.Sprintf("trip %s has a truck of no known type %q", trip, class[trip]))
			continue
		}
		for at := range stops[trip] {
			var grams, volume, people int64
			for _, l := range list {
				if l.from <= at && at < l.to {
					grams += l.grams
					volume += l.volume
					people += l.people
				}
			}
			if people > int64(kind.Seats) {
				wrong = append(wrong, fmt.Sprintf("trip %s after stop %d carries %d people on %d seats", trip, at, people, kind.Seats))
			}
			// A begun pack takes its whole room: one pack of tolerance for each consignment, at most 50 l.
			if room := int64(kind.Cube) + int64(len(list))*50_000; grams > int64(kind.Payload) || volume > room {
				wrong = append(wrong, fmt.Sprintf("trip %s after stop %d carries %d g of %d, %d ml of %d", trip, at, grams, kind.Payload, volume, kind.Cube))
			}
		}
	}
	return wrong
}

func (b *books) needsWrong() (wrong []string) {
	accepted := map[string]int64{}
	for _, t := range b.takings {
		accepted[t.text("demand_id")] += b.accepted(t.text("consignment"))
	}
	for _, d := range b.rows(`SELECT id FROM demands`) {
		numbers, err := orders.Books{}.OfDemands(context.WithoutCancel(b.t.Context()), b.site.db.Read(), d.text("id"))
		if err != nil {
			b.t.Fatal(err)
		}
		if n := numbers[d.text("id")]; int64(n.Accepted) != accepted[d.text("id")] {
			wrong = append(wrong, fmt.Sprintf("need %s is shown as met by %d g, receivers accepted %d", d.text("id"), n.Accepted, accepted[d.text("id")]))
		}
	}
	return wrong
}

func (b *books) moneyWrong() (wrong []string) {
	var sum int64
	for _, n := range b.fen {
		sum += n
	}
	if sum != 0 {
		wrong = append(wrong, fmt.Sprintf("all money adds up to %d fen", sum))
	}
	uses := map[string]string{}
	for _, r := range b.rows(`SELECT account, use_of FROM ledger_restrictions`) {
		uses[r.text("account")] = r.text("use_of")
	}
	entryUse := map[string]string{}
	for _, e := range b.entries {
		var body struct {
			Use string `json:"use"`
		}
		if err := json.Unmarshal([]byte(e.text("body")), &body); err != nil {
			b.t.Fatal(err)
		}
		entryUse[e.text("id")] = body.Use
	}
	for _, p := range b.postings {
		use := uses[p.text("from_account")]
		if p.text("unit") == "fen" && use != "" && entryUse[p.text("entry")] != use && uses[p.text("to_account")] != use {
			wrong = append(wrong, fmt.Sprintf("entry %s takes %d fen for %q out of %s, given for %q",
				p.text("entry"), p.number("amount"), entryUse[p.text("entry")], p.text("from_account"), use))
		}
	}
	for _, c := range b.rows(`SELECT id FROM campaigns`) {
		if account := "campaign/" + c.text("id") + "/fund"; b.fen[account] != 0 && uses[account] == "" {
			wrong = append(wrong, account+" holds money under no use")
		}
	}
	return append(wrong, b.bankWrong()...)
}

func (b *books) settlementsWrong() (wrong []string) {
	accepted := map[string]int64{}
	for _, t := range b.takings {
		accepted[t.text("line_id")] += b.accepted(t.text("consignment"))
	}
	for _, l := range b.rows(`
		SELECT s.order_id, s.line_id, s.grams, s.price_e4, s.fen, l.price_e4 AS agreed
		FROM settlement_lines s JOIN order_lines l ON l.id = s.line_id WHERE s.kind = 'goods'`) {
		fen := (l.number("grams")*l.number("agreed") + 50_000) / 100_000
		if l.number("price_e4") != l.number("agreed") || l.number("fen") != fen {
			wrong = append(wrong, fmt.Sprintf("order %s: %d g at %d e-4 yuan/kg are %d fen, settled were %d",
				l.text("order_id"), l.number("grams"), l.number("agreed"), fen, l.number("fen")))
		}
		if l.number("grams") != accepted[l.text("line_id")] {
			wrong = append(wrong, fmt.Sprintf("order %s was settled for %d g, accepted are %d", l.text("order_id"), l.number("grams"), accepted[l.text("line_id")]))
		}
	}
	return append(wrong, b.settlementsChanged()...)
}

// settlementsChanged compares the settlement lines with what the audit trail kept of them when they were made.
func (b *books) settlementsChanged() (wrong []string) {
	now := map[string][]string{}
	for _, l := range b.rows(`SELECT order_id, kind, grams, fen, account FROM settlement_lines ORDER BY order_id, n`) {
		now[l.text("order_id")] = append(now[l.text("order_id")], fmt.Sprint(l.text("kind"), l.number("grams"), l.number("fen"), l.text("account")))
	}
	then := map[string][]string{}
	for _, e := range b.rows(`SELECT body FROM audit_events ORDER BY id`) {
		var event struct {
			Act   string `json:"act"`
			After struct {
				Order string
				Lines []struct {
					Kind, Account string
					Grams, Fen    int64
				}
			} `json:"after"`
		}
		if !strings.Contains(e.text("body"), `"order.settle"`) {
			continue
		}
		if err := json.Unmarshal([]byte(e.text("body")), &event); err != nil {
			b.t.Fatal(err)
		}
		for _, l := range event.After.Lines {
			then[event.After.Order] = append(then[event.After.Order], fmt.Sprint(l.Kind, l.Grams, l.Fen, l.Account))
		}
	}
	for order := range maps.Keys(now) {
		if !slices.Equal(now[order], then[order]) {
			wrong = append(wrong, fmt.Sprintf("order %s: settled as %v, written down now is %v", order, then[order], now[order]))
		}
	}
	return wrong
}

// repeatsWrong looks for two entries that move the same consignment in the same way: a weighing or a receipt counted twice.
func (b *books) repeatsWrong() (wrong []string) {
	seen := map[string]string{}
	for _, e := range b.entries {
		kind := e.text("kind")
		if !slices.Contains([]string{"loaded", "received", "settled", "paid", "taken", "weighed"}, kind) {
			continue
		}
		var body struct {
			Note     map[string]string `json:"note"`
			Postings []struct{ From string }
		}
		if err := json.Unmarshal([]byte(e.text("body")), &body); err != nil {
			b.t.Fatal(err)
		}
		key := strings.Join([]string{kind, e.text("subject"), body.Note["consignment"]}, " ")
		if kind == "paid" { // many lines may pay one order; one line comes from the bank once
			key = strings.Join(strings.Split(e.text("client_id"), "/")[:2], " ")
			if body.Postings[0].From != "world/bank" {
				continue
			}
		}
		if first, twice := seen[key]; twice {
			wrong = append(wrong, fmt.Sprintf("entries %s and %s are the same act: %s", first, e.text("id"), key))
		}
		seen[key] = e.text("id")
	}
	return wrong
}

func (b *books) partsWrong() (wrong []string) {
	total, parts, paid := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, l := range b.rows(`SELECT order_id, kind, fen, account FROM settlement_lines`) {
		switch kind := l.text("kind"); {
		case kind == "goods":
			total[l.text("order_id")] += l.number("fen")
		case l.text("account") != "" && kind != "haulage":
			parts[l.text("order_id")] += l.number("fen")
		}
	}
	for _, p := range b.postings {
		from, to := p.text("from_account"), p.text("to_account")
		id, ok := strings.CutPrefix(from, "order/")
		if ok && strings.HasSuffix(id, "/escrow") && (strings.HasPrefix(to, "payable/") || strings.HasPrefix(to, "benefit/") || strings.HasPrefix(to, "platform/")) {
			paid[strings.TrimSuffix(id, "/escrow")] += p.number("amount")
		}
	}
	for order, sum := range total {
		if parts[order] != sum {
			wrong = append(wrong, fmt.Sprintf("order %s: the settlement is %d fen, its parts are %d", order, sum, parts[order]))
		}
		if paid[order] < sum {
			wrong = append(wrong, fmt.Sprintf("order %s: the settlement is %d fen, its escrow paid %d", order, sum, paid[order]))
		}
	}
	return wrong
}

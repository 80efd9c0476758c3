package app

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/sheet"
	"jishi/server/store"
)

// beyond is how many things the lists of the test have: a page of a hundred, and a few more.
const beyond = 103

// list is one address that gives things newest first, page after page, and who sees how much of it.
type list struct {
	path     string
	sees     []string // logins that see all
	nothing  []string // logins that are answered, with nothing
	refuses  []string // logins that are refused
	reversed bool     // it begins with the oldest
}

// asFile is the address of a list's file.
func asFile(path string) string {
	base, query, _ := strings.Cut(path, "?")
	return base + ".csv?" + query
}

// walkList reads a list page by page and as a file.
func (w *town) walkList(l list, as string) {
	w.t.Helper()
	first := w.page(l.path, as, "")
	if len(first) != 100 {
		w.t.Errorf("%s as %s: the first page has %d", l.path, as, len(first))
		return
	}
	ids := slices.Concat(first, w.page(l.path, as, first[99]))
	want := slices.Sorted(slices.Values(ids))
	if !l.reversed {
		slices.Reverse(want)
	}
	if len(ids) != beyond || !slices.Equal(ids, want) || len(slices.Compact(want)) != beyond {
		w.t.Errorf("%s as %s: %d rows, in order: %t", l.path, as, len(ids), slices.Equal(ids, want))
	}
	if rest := w.page(l.path, as, ids[len(ids)-1]); len(rest) != 0 {
		w.t.Errorf("%s as %s: %d behind the last", l.path, as, len(rest))
	}
	table, err := sheet.Read("list.csv", w.must(request{as: as, method: http.MethodGet, path: asFile(l.path), at: storyDay}).raw)
	if err != nil || len(table.Rows) != beyond {
		w.t.Errorf("%s as %s: %d rows in the file, %v", l.path, as, len(table.Rows), err)
		return
	}
	for i, row := range table.Rows { // an id is in the first column of each
		if row.Cells[0].Text != ids[i] {
			w.t.Errorf("%s as %s: row %d of the file is %q, not %q", l.path, as, i, row.Cells[0].Text, ids[i])
			return
		}
	}
}

// page gives the ids of a page of a list.
func (w *town) page(path, as, after string) []string {
	w.t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		w.t.Fatal(err)
	}
	q := u.Query()
	q.Set("after", after)
	u.RawQuery = q.Encode()
	var ids []string
	for _, row := range w.must(request{as: as, method: http.MethodGet, path: u.String(), at: storyDay}).list() {
		id, _ := row["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// fillLists has goods come, asks for prices, orders every week, pays an order that is cancelled, proposes and refuses its payment again and again, reads statements, has money
// come in that quotes nothing, posts needs, and orders by fair shares for one: a hundred and three of each. It gives that need.
func (w *town) fillLists() (shared string) {
	w.t.Helper()
	offer, need := w.offerAndNeed()
	to := object{"demand": need, "weight": "100公斤"}
	w.must(request{as: "firm", method: http.MethodPut, path: "/api/parties/" + partyID("firm") + "/bank-account", at: storyDay,
		body: object{"holder": "乙(演示)", "bank": "凤翔农商行(演示)", "number": "6222000000000001"}})
	w.oweFirm()
	w.deliverOrders()
	for i := range beyond {
		w.post("firm", "/api/quotations", object{"buyer": partyID("firm"), "sellers": []string{partyID("liulin")}, "produce": "苹果", "weight": fmt.Sprintf("%d公斤", 300+i)})
		w.post("firm", "/api/standing-orders", object{"buyer": partyID("firm"), "seller": partyID("liulin"), "produce": "苹果", "weight": fmt.Sprintf("%d公斤", 300+i), "weekday": 1})
		run := w.post("finance", "/api/payout-runs", object{}).text("id")
		w.post("finance", "/api/payout-runs/"+run+"/refuse", object{"reason": "先问一下"})
		w.sendFile("finance", "/api/statements", "bank.csv", fmt.Appendf(nil, "流水号,用途,付款人,金额,交易时间\nS%d,无,某人,%d.00,2020-02-02 08:00:00\n", i, i+1))
		w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": fmt.Sprint("u", i), "reference": "没有写", "amount": fmt.Sprintf("%d元", i+1),
			"payer": "某人(演示)", "paid_at": storyDay.Format(time.RFC3339)}}})
		w.post("union", "/api/demands", object{"party": partyID("union"), "produce": "苹果", "amount": object{"kind": "unknown"}, "by": storyDay.AddDate(0, 0, 3).Format(time.RFC3339),
			"place": object{"adcode": "420103"}})
		w.post("firm", "/api/orders", object{"buyer": partyID("firm"), "lines": []object{{"offer": offer, "version": onSale, "weight": "100公斤", "to": []object{to},
			"share": object{"weight": "100公斤", "demands": []any{need}, "seen": []object{to}}}}})
	}
	return fmt.Sprint(need)
}

// deliverOrders lets a hospital accept what firm ordered for it, a hundred and three times; what came by some more orders it has not accepted yet.
func (w *town) deliverOrders() {
	w.t.Helper()
	offer, need := w.offerAndNeed()
	for i := range beyond + 5 {
		order := w.arrived(offer, need)
		if i%21 != 20 {
			w.post("zhongnan", "/api/orders/"+order+"/accept", object{})
		}
	}
}

// offerAndNeed puts liulin's apples on sale and has zhongnan ask for them.
func (w *town) offerAndNeed() (offer, need any) {
	w.t.Helper()
	listed := w.post("liulin", "/api/listings", object{"party": partyID("liulin"), "line": "苹果 200吨 1.5元 明早", "place": object{"adcode": "610322"}})
	made, _ := listed.json["offer"].(object)
	posted := w.post("zhongnan", "/api/demands", object{"party": partyID("zhongnan"), "produce": "苹果", "amount": object{"kind": "known", "weight": "200吨"}, "place": object{"adcode": "420106"}})
	w.post("operator", "/api/demands/"+posted.text("id")+"/verify", object{"how": "打过电话"})
	return made["id"], posted.json["id"]
}

// arrived is a tonne that firm ordered for a need, and that came there whole, by no trip of ours.
func (w *town) arrived(offer, need any) (order string) {
	w.t.Helper()
	made := w.post("firm", "/api/orders", object{"buyer": partyID("firm"), "lines": []object{{"offer": offer, "version": onSale, "weight": "1吨", "to": []object{{"demand": need, "weight": "1吨"}}}}})
	order = made.text("id")
	w.post("liulin", "/api/orders/"+order+"/confirm", object{})
	line, _ := made.json["lines"].([]any)[0].(object)
	part, _ := line["to"].([]any)[0].(object)
	id, _ := part["id"].(string)
	ctx, at, by := auth.WithTime(w.t.Context(), storyDay), measure.Millis(storyDay.UnixMilli()), auth.System("test")
	err := w.site.db.InTx(ctx, func(tx store.Tx) error {
		if err := w.site.orders.Take(ctx, tx, by, orders.Taking{Allocation: id, Consignment: id, Grams: measure.Tonne, At: at}); err != nil {
			return err
		}
		if err := w.site.orders.Loaded(ctx, tx, by, orders.Loading{ClientID: "load " + id, Consignment: id, Grams: measure.Tonne, At: at}); err != nil {
			return err
		}
		return w.site.orders.Received(ctx, tx, by, orders.Receipt{ClientID: "receive " + id, Consignment: id, Received: measure.Tonne, At: at})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return order
}

// oweFirm lets firm buy, pay by bank and call the order off, so that it is owed its money.
func (w *town) oweFirm() {
	w.t.Helper()
	listed := w.post("liulin", "/api/listings", object{"party": partyID("liulin"), "line": "苹果 5吨 1.5元 明早", "place": object{"adcode": "610322"}})
	offer, _ := listed.json["offer"].(object)
	order := w.post("firm", "/api/orders", object{"buyer": partyID("firm"), "lines": []object{{"offer": offer["id"], "version": onSale, "weight": "1吨"}}})
	w.post("liulin", "/api/orders/"+order.text("id")+"/confirm", object{})
	invoice, _ := w.must(request{as: "firm", method: http.MethodGet, path: "/api/orders/" + order.text("id"), at: storyDay}).json["invoice"].(object)
	w.post("finance", "/api/bank-lines", object{"lines": []object{{"client_id": "paid", "reference": invoice["reference"], "amount": "3000元", "payer": "乙(演示)",
		"paid_at": storyDay.Format(time.RFC3339)}}})
	w.post("firm", "/api/orders/"+order.text("id")+"/cancel", object{"reason": "食堂关门"})
}

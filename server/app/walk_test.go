package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/server/store/storetest"
)

var walkSeed = flag.Uint64("walk.seed", 0, "seed of the random walk; 0 takes a new one and prints it")

// walkers is how many actors act at the same moment.
const walkers = 8

// TestARandomWalkKeepsTheBooksRight lets eight actors at once do 10,000 things that are sensible, wrong or repeated, and
// checks the invariants on the way and at the end. A failing walk prints its seed: `go test ./server/app -run RandomWalk
// -walk.seed N` plays the same acts again.
func TestARandomWalkKeepsTheBooksRight(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		newWalk(newTown(t, "")).run(long(10_000))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		newWalk(newTown(t, storetest.PostgresDSN(t))).run(long(2_000))
	})
}

// long gives how much of a long test is done: all of it, a thirty-second with the race detector.
func long(n int) int {
	if underRace {
		return n / 32
	}
	return n
}

// walk knows what was made so far, so that acts find something to act on.
type walk struct {
	*town
	seed uint64
	now  time.Time

	mu        sync.Mutex
	lots      map[string][]string // by seller
	offers    map[string][]string // by seller
	needs     map[string][]string // by produce
	gifts     []string
	orders    []string
	invoices  []string // references that money can be sent to
	plans     []string
	trips     []string
	done      map[string]int // acts that were accepted
	refused   map[string]int // acts that were refused
	why       map[string]int // act and problem
	sent      []request      // what was accepted and had a key, to be sent again
	answers   []answer
	bankLines []string
	runs      []string // of payments
}

func newWalk(w *town) *walk {
	seed := *walkSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	w.t.Logf("seed %d", seed)
	return &walk{
		town: w, seed: seed, now: storyDay, lots: map[string][]string{}, offers: map[string][]string{}, needs: map[string][]string{},
		done: map[string]int{}, refused: map[string]int{}, why: map[string]int{},
	}
}

// step is one act of one walker, with its own random numbers.
type step struct {
	*walk
	*rand.Rand
	n int
}

// run walks for so many acts.
func (w *walk) run(acts int) {
	w.t.Helper()
	w.prepare()
	w.openAccounts()
	for n := 0; n < acts; n += walkers {
		var all sync.WaitGroup
		for i := range walkers {
			all.Go(func() {
				s := step{walk: w, Rand: rand.New(rand.NewPCG(w.seed, uint64(n+i))), n: n + i}
				s.act()
			})
		}
		all.Wait()
		w.now = w.now.Add(3 * time.Minute)
		if w.t.Failed() || n%2000 < walkers && n > walkers {
			checkInvariants(w.t, w.site)
		}
		if w.t.Failed() {
			w.t.Fatalf("seed %d, after %d acts", w.seed, n)
		}
	}
	checkInvariants(w.t, w.site)
	w.tell(acts)
}

// tell fails a walk that went nowhere: every kind of act has to have succeeded, most have to have been refused too.
func (w *walk) tell(acts int) {
	w.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(w.refused)) {
		if w.done[name] == 0 {
			w.done[name] = 0
		}
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(w.done)) {
		fmt.Fprintf(&text, "%s %d/%d, ", name, w.done[name], w.done[name]+w.refused[name])
	}
	w.t.Log(text.String())
	w.t.Log(w.why)
	want := []string{"lot", "offer", "need"}
	if acts >= 2_000 { // fewer are too few for a plan
		want = append(want, "gift", "order", "confirm", "pay", "plan", "accept plan", "load", "again", "cancel")
	}
	if acts >= 10_000 {
		want = append(want, "deliver", "receiver accepts", "settle", "settle trip", "approve payouts", "prove payout", "fail payout", "decline", "match", "report")
	}
	for _, name := range want {
		if w.done[name] == 0 {
			w.t.Errorf("in %d acts nobody succeeded to: %s", acts, name)
		}
	}
}

// prepare offers the story's trucks.
func (w *walk) prepare() {
	w.t.Helper()
	for _, v := range w.must(request{as: "haulier", method: http.MethodGet, path: "/api/vehicles?carrier=" + partyID("haulier"), at: w.now}).list() {
		w.post("haulier", "/api/capacity-offers", capacity(v["id"]))
	}
}

// capacity offers a vehicle for a month.
func capacity(vehicle any) object {
	return object{"vehicle": vehicle, "place": object{"adcode": "610322"}, "from": "2020-02-02T00:00:00+08:00", "until": "2020-03-02T00:00:00+08:00"}
}

// offerTruck lets a haulier enter one more truck and offer it; each is gone for a fortnight once it was in Wuhan.
func (s step) offerTruck() {
	pass := object{"number": "P-W", "area": "420000", "from": "2020-01-24", "until": s.oneOf("2020-03-31", "2020-03-31", "2020-01-25")}
	a, ok := s.try("truck", request{as: "haulier", path: "/api/vehicles", body: object{
		"carrier": partyID("haulier"), "plate": fmt.Sprintf("陕C·W%04d", s.IntN(9000)), "plate_colour": s.oneOf("yellow", "yellow", "blue"),
		"type": s.oneOf("T42", "T68", "T68", "T96-3", "T130", "T999"), "driver": "司机(演示)", "passes": []object{pass},
	}})
	if ok {
		s.try("capacity", request{as: s.oneOf("haulier", "haulier", "haulier", "donor"), path: "/api/capacity-offers", body: capacity(a.text("id"))})
	}
}

// try sends an act and counts it under its name. What the server never may say fails the walk.
func (s step) try(name string, r request) (answer, bool) {
	r.at = s.now
	if r.method == "" {
		r.method = http.MethodPost
	}
	if r.method == http.MethodPost {
		r.key = fmt.Sprintf("walk-%d-%s-%s", s.n, name, r.path)
	}
	a, err := s.send(context.Background(), r)
	if err != nil {
		s.t.Errorf("act %d, %s: %v", s.n, name, err)
		return a, false
	}
	if a.status >= 500 {
		s.t.Errorf("act %d, %s: %s %s %v: %d %s", s.n, name, r.method, r.path, r.body, a.status, a.raw)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !a.ok() {
		s.refused[name]++
		s.why[name+" "+strings.TrimPrefix(a.text("type"), "/problems/")]++
		return a, false
	}
	s.done[name]++
	if r.key != "" {
		s.sent, s.answers = append(s.sent, r), append(s.answers, a)
	}
	return a, true
}

// keep adds an id to a list under the lock.
func (s step) keep(list *[]string, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, id)
}

func (s step) keepIn(lists map[string][]string, key, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lists[key] = append(lists[key], id)
}

// one takes one of a list under the lock, the later ones more often; "" of none.
func (s step) one(list *[]string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.late(*list)
}

func (s step) oneIn(lists map[string][]string, key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.late(lists[key])
}

func (s step) late(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1-min(s.IntN(len(list)), s.IntN(len(list)))]
}

func (s step) oneOf(words ...string) string { return words[s.IntN(len(words))] }

// chance is true once in n.
func (s step) chance(n int) bool { return s.IntN(n) == 0 }

// weight is mostly sensible, at times absurd.
func (s step) weight(max int) string {
	if s.chance(15) {
		return s.oneOf("0公斤", "-5吨", "1.000吨", "99999999吨", "5", "五斗", "1e9吨", "")
	}
	return fmt.Sprintf("%d公斤", 1+s.IntN(max))
}

var sellers = []string{"liulin", "biaojiao"}

func produceOf(seller string) string {
	if seller == "liulin" {
		return "苹果"
	}
	return "大葱"
}

func (s step) act() {
	acts := []struct {
		times int
		do    func(step)
	}{
		{5, step.listLot},
		{5, step.publishOffer},
		{4, step.postNeed},
		{3, step.openGift},
		{12, step.order},
		{12, step.answerOrder},
		{12, step.pay},
		{4, step.offerTruck},
		{6, step.plan},
		{30, step.drive},
		{6, step.settleOrder},
		{3, step.changeUse},
		{3, step.changeOffer},
		{3, step.changeNeed},
		{6, step.again},
		{6, step.payOut},
	}
	all := 0
	for _, a := range acts {
		all += a.times
	}
	n := s.IntN(all)
	if s.n < 200 { // first something to trade with
		n = s.IntN(29) // up to and with order
	}
	for _, a := range acts {
		if n -= a.times; n < 0 {
			a.do(s)
			return
		}
	}
}

func (s step) listLot() {
	seller := s.oneOf(sellers...)
	as := seller
	if s.chance(12) {
		as = s.oneOf("donor", "union", "liulin", "biaojiao", "")
	}
	body := object{"party": partyID(seller), "produce": produceOf(seller), "weight": s.weight(20_000), "harvested_on": s.oneOf("2020-01-20", "2020-02-01", "2020-02-30", ""),
		"place": object{"adcode": "610322"}}
	if seller == "liulin" && s.chance(2) {
		body["shares"] = []object{{"household": partyID("h0vseh01d2"), "weight": s.weight(2000)}}
	}
	a, ok := s.try("lot", request{as: as, path: "/api/lots", body: body})
	if !ok {
		return
	}
	s.keepIn(s.lots, seller, a.text("id"))
	s.try("certificate", request{as: seller, path: "/api/lots/" + a.text("id") + "/certificate", body: object{"number": fmt.Sprintf("合格证-%d", s.n)}})
}

func (s step) publishOffer() {
	seller := s.oneOf(sellers...)
	lot := s.oneIn(s.lots, seller)
	price := fmt.Sprintf("%d.%d%d元/公斤", s.IntN(9), s.IntN(10), s.IntN(10))
	if s.chance(12) {
		price = s.oneOf("-1元/斤", "0元", "贵", "999999999元/斤")
	}
	body := object{"lot": lot, "price": price, "pickup": object{"from": "2020-02-02T08:00:00+08:00", "to": "2020-03-01T18:00:00+08:00"}, "until": "2020-03-01T18:00:00+08:00"}
	if s.chance(2) {
		body["benefit"] = fmt.Sprintf("0.%02d元/斤", s.IntN(30))
	}
	a, ok := s.try("offer", request{as: seller, path: "/api/offers", body: body})
	if ok {
		s.keepIn(s.offers, seller, a.text("id"))
		s.try("publish", request{as: seller, path: "/api/offers/" + a.text("id") + "/publish", body: object{}})
	}
}

func (s step) postNeed() {
	hospital, produce := s.oneOf("union", "zhongnan"), s.oneOf("苹果", "大葱")
	amount := object{"kind": "up_to", "weight": s.weight(30_000)}
	a, ok := s.try("need", request{as: hospital, path: "/api/demands", body: object{"party": partyID(hospital), "produce": produce, "amount": amount, "relief": true}})
	if ok {
		s.keepIn(s.needs, produce, a.text("id"))
		s.try("verify", request{as: "operator", path: "/api/demands/" + a.text("id") + "/verify", body: object{"how": "回拨", "amount": amount}})
	}
}

// openGift opens a campaign of a donor; its orders need its demands, so each takes a few of the newest.
func (s step) openGift() {
	donor, produce := s.oneOf("donor", "firm"), s.oneOf("苹果", "大葱")
	demands := slices.Compact(slices.Sorted(slices.Values([]string{s.oneIn(s.needs, produce), s.oneIn(s.needs, produce)})))
	a, ok := s.try("gift", request{as: donor, path: "/api/campaigns", body: object{
		"donor": partyID(donor), "title": fmt.Sprintf("第%d回", s.n), "named_use": s.oneOf("给医护", "给食堂"), "demands": demands, "goal_weight": "30吨",
	}})
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gifts = append(s.gifts, strings.Join(append([]string{a.text("id"), a.text("reference"), donor, produce}, demands...), " "))
}

func (s step) order() {
	gift := strings.Fields(s.one(&s.gifts))
	if len(gift) < 5 {
		return
	}
	donor, produce, demands := gift[2], gift[3], gift[4:]
	seller := "liulin"
	if produce == "大葱" {
		seller = "biaojiao"
	}
	if s.chance(12) {
		donor = s.oneOf("donor", "firm", "union")
	}
	demand, weight := demands[s.IntN(len(demands))], s.weight(6000)
	lines := []object{{"offer": s.oneIn(s.offers, seller), "version": onSale, "weight": weight, "to": []object{{"demand": demand, "weight": weight}}}}
	a, ok := s.try("order", request{as: donor, path: "/api/orders", body: object{"buyer": partyID(donor), "campaign": gift[0], "lines": lines}})
	if !ok {
		return
	}
	var o struct {
		ID      string
		Invoice struct{ Reference string }
	}
	if json.Unmarshal(a.raw, &o) == nil {
		s.keep(&s.orders, o.ID)
		if o.Invoice.Reference != "" { // a gift's fund pays the others
			s.keep(&s.invoices, o.Invoice.Reference)
		}
	}
}

func (s step) answerOrder() {
	id := s.one(&s.orders)
	if id == "" {
		return
	}
	switch what := s.IntN(10); {
	case what < 7: // one of the two is its seller
		s.try("confirm", request{as: s.oneOf(sellers...), path: "/api/orders/" + id + "/confirm", body: object{}})
	case what < 8:
		s.try("decline", request{as: s.oneOf(sellers...), path: "/api/orders/" + id + "/decline", body: object{"reason": "没有了"}})
	default:
		s.try("cancel", request{as: s.oneOf("donor", "firm", "liulin", "union"), path: "/api/orders/" + id + "/cancel", body: object{"reason": "不要了"}})
	}
}

// payee gives a reference that money can be sent to: of an order, or of a gift.
func (s step) payee() string {
	if gift := strings.Fields(s.one(&s.gifts)); len(gift) > 1 && s.chance(2) {
		return gift[1]
	}
	return s.one(&s.invoices)
}

func (s step) pay() {
	reference := s.payee()
	if s.chance(8) {
		reference = s.oneOf("不知道", "", "JS00000000", "付款 "+reference+" 谢谢")
	}
	amount := fmt.Sprintf("%d.%02d元", s.IntN(60_000), s.IntN(100))
	if s.chance(15) {
		amount = s.oneOf("-5元", "0元", "0.001元", "许多")
	}
	a, ok := s.try("pay", request{as: "finance", path: "/api/bank-lines", body: object{"lines": []object{{
		"client_id": fmt.Sprintf("w-%d", s.n), "reference": reference, "amount": amount, "paid_at": s.now.Format(time.RFC3339), "payer": "甲(演示)",
	}}}})
	if !ok {
		return
	}
	if list := a.list(); len(list) == 1 && list[0]["state"] == "unmatched" {
		id, _ := list[0]["id"].(string)
		s.keep(&s.bankLines, id)
	}
	if line := s.one(&s.bankLines); line != "" && s.chance(3) {
		s.try("match", request{as: "finance", path: "/api/bank-lines/" + line + "/match", body: object{"reference": s.payee()}})
	}
}

// toShip gives an order that has goods to be hauled, mostly; else any.
func (s step) toShip() string {
	if s.chance(6) {
		return s.one(&s.orders)
	}
	a, _ := s.try("look at loads", request{as: "dispatcher", method: http.MethodGet, path: "/api/loads"})
	loads := a.list()
	if len(loads) == 0 {
		return s.one(&s.orders)
	}
	id, _ := loads[s.IntN(len(loads))]["order"].(string)
	return id
}

func (s step) plan() {
	if underRace { // a plan may take longer there than the server works on one request; few loads are ready for one so soon anyway
		return
	}
	orders := []string{s.toShip()}
	if s.chance(2) {
		orders = append(orders, s.toShip())
	}
	a, ok := s.try("plan", request{as: s.oneOf("dispatcher", "dispatcher", "dispatcher", "haulier"), path: "/api/plans", body: object{"orders": orders}})
	if !ok {
		return
	}
	var plan struct {
		ID      string
		Options []struct{ ID string }
	}
	if json.Unmarshal(a.raw, &plan) != nil || len(plan.Options) == 0 {
		return
	}
	s.keep(&s.plans, plan.ID)
	option := plan.Options[0].ID
	if s.chance(5) {
		option = s.oneOf("zz", plan.Options[len(plan.Options)-1].ID)
	}
	a, ok = s.try("accept plan", request{as: "dispatcher", path: "/api/plans/" + plan.ID + "/accept", body: object{"option": option}})
	if !ok {
		return
	}
	for _, trip := range a.list() {
		id, _ := trip["id"].(string)
		s.keep(&s.trips, id)
		answer := "confirm"
		if s.chance(10) {
			answer = "decline"
		}
		s.try("trip "+answer, request{as: "haulier", path: "/api/trips/" + id + "/" + answer, body: object{"reason": "好"}})
	}
}

// tripView is what a walker needs to know of a trip.
type tripView struct {
	ID, State string
	Outline   struct {
		Type  string
		Stops []struct{ Kind, Party string }
	}
	Consignments []struct {
		ID       string
		Load     int   `json:"load_stop"`
		Unload   int   `json:"unload_stop"`
		Planned  int64 `json:"planned_grams"`
		OnTruck  int64 `json:"on_truck_grams"`
		Received int64 `json:"received_grams"`
	}
	Events []struct {
		Kind string
		Stop int
	}
}

func (v tripView) did(kind string, stop int) bool {
	for _, e := range v.Events {
		if e.Kind == kind && e.Stop == stop {
			return true
		}
	}
	return false
}

// next gives the first thing that is still to be done.
func (v tripView) next() (kind string, stop int) {
	for n, stop := range v.Outline.Stops {
		for _, kind := range []string{"arrive", map[string]string{"load": "load", "unload": "deliver"}[stop.Kind], "depart"} {
			if last := n == len(v.Outline.Stops)-1; !v.did(kind, n) && !(last && kind == "depart") {
				return kind, n
			}
		}
	}
	return "settle", -1
}

// forget drops a trip that is over.
func (s step) forget(trip string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trips = slices.DeleteFunc(s.trips, func(id string) bool { return id == trip })
}

// tare is about what the truck types weigh empty, in kg.
func (v tripView) tare() int64 {
	switch {
	case strings.HasPrefix(v.Outline.Type, "T42"):
		return 2500
	case strings.HasPrefix(v.Outline.Type, "T68"):
		return 8000
	case strings.HasPrefix(v.Outline.Type, "T96"):
		return 9500
	}
	return 15_000
}

func (s step) drive() {
	id := s.one(&s.trips)
	if id == "" {
		return
	}
	a, ok := s.try("look", request{as: "dispatcher", method: http.MethodGet, path: "/api/trips/" + id})
	var v tripView
	if !ok || json.Unmarshal(a.raw, &v) != nil || len(v.Outline.Stops) == 0 {
		return
	}
	if slices.Contains([]string{"lapsed", "declined", "cancelled"}, v.State) || v.did("settle", -1) {
		s.forget(id)
	}
	kind, stop := v.next()
	if s.chance(8) { // out of turn
		kind, stop = s.oneOf("arrive", "load", "depart", "deliver", "cancel", "settle"), s.IntN(len(v.Outline.Stops)+1)
	}
	path := fmt.Sprintf("/api/trips/%s/stops/%d/%s", id, stop, kind)
	switch kind {
	case "load":
		s.load(path, v, stop)
	case "deliver":
		s.deliver(path, v, stop)
	case "settle":
		s.try("settle trip", request{as: s.oneOf("finance", "finance", "haulier"), path: "/api/trips/" + id + "/settle", body: object{"client_id": "settle-" + id}})
	case "cancel":
		s.try("cancel trip", request{as: "dispatcher", path: "/api/trips/" + id + "/cancel", body: object{"reason": "车坏了"}})
	default:
		s.try(kind, request{as: s.oneOf("driver1", "haulier"), path: path, body: object{}})
	}
}

// load weighs a little more or less than planned, at times far off.
func (s step) load(path string, v tripView, stop int) {
	var lines []object
	var net int64
	for _, c := range v.Consignments {
		if c.Load != stop {
			continue
		}
		g := max(1, (c.Planned+c.Planned*int64(s.IntN(30)-15)/1000)/1000)
		if s.chance(20) {
			g *= 3
		}
		net += g
		lines = append(lines, object{"consignment": c.ID, "weight": fmt.Sprintf("%d公斤", g)})
	}
	if s.chance(15) {
		net += 5000
	}
	s.try("load", request{as: s.oneOf("driver1", "driver1", "haulier", "union"), path: path, body: object{
		"client_id": fmt.Sprintf("scan-%s-%d-%d", v.ID, stop, s.IntN(2)), "gross": fmt.Sprintf("%d公斤", v.tare()+net), "tare": fmt.Sprintf("%d公斤", v.tare()), "lines": lines,
	}})
}

// deliver accepts most, rejects some, loses a little.
func (s step) deliver(path string, v tripView, stop int) {
	var lines []object
	for _, c := range v.Consignments {
		if c.Unload != stop {
			continue
		}
		kg := c.OnTruck / 1000
		received := kg - kg*int64(s.IntN(40))/1000
		line := object{"consignment": c.ID, "received": fmt.Sprintf("%d公斤", received), "lost_cause": s.oneOf("moisture", "rot", "missing", "theft", "?")}
		if s.chance(3) {
			line["rejected"], line["reject_reason"] = fmt.Sprintf("%d公斤", received*int64(s.IntN(110))/100), s.oneOf("碰伤", "")
		}
		if s.chance(15) {
			line["received"] = s.weight(int(kg) + 1)
		}
		lines = append(lines, line)
	}
	as := "union"
	if stop < len(v.Outline.Stops) && v.Outline.Stops[stop].Party == partyID("zhongnan") {
		as = "zhongnan"
	}
	if s.chance(10) {
		as = s.oneOf("donor", "driver1", "zhongnan")
	}
	s.try("deliver", request{as: as, path: path, body: object{"client_id": fmt.Sprintf("pod-%s-%d-%d", v.ID, stop, s.IntN(2)), "receiver": "李(演示)", "lines": lines}})
}

func (s step) settleOrder() {
	id := s.one(&s.orders)
	if id == "" {
		return
	}
	if s.chance(3) {
		s.try("settle", request{as: s.oneOf("finance", "finance", "finance", "donor"), path: "/api/orders/" + id + "/settle", body: object{}})
		return
	}
	a, ok := s.try("look at order", request{as: "finance", method: http.MethodGet, path: "/api/orders/" + id})
	if !ok {
		return
	}
	switch a.text("state") {
	case "delivered":
		s.try("receiver accepts", request{as: "union", path: "/api/orders/" + id + "/accept", body: object{}})
		s.try("receiver accepts", request{as: "zhongnan", path: "/api/orders/" + id + "/accept", body: object{}})
	case "accepted":
		s.try("settle", request{as: "finance", path: "/api/orders/" + id + "/settle", body: object{}})
	}
}

func (s step) changeUse() {
	gift := strings.Fields(s.one(&s.gifts))
	if len(gift) == 0 {
		return
	}
	path := "/api/campaigns/" + gift[0]
	switch s.IntN(4) {
	case 0:
		s.try("ask use", request{as: s.oneOf("dispatcher", "operator", "donor"), path: path + "/use-change", body: object{"named_use": s.oneOf("改卖", "给医护"), "reason": "医院够了"}})
	case 1, 2:
		s.try("answer use", request{as: s.oneOf("donor", "firm"), path: path + "/use-change/answer", body: object{"yes": s.chance(2)}})
	default:
		s.report(path)
	}
}

// report reports the gift at path, which is seldom through, or mostly one that is.
func (s step) report(path string) {
	as := s.oneOf("donor", "firm")
	if !s.chance(3) {
		as, path = s.delivered(as, path)
	}
	s.try("report", request{as: as, path: path + "/report", body: object{}})
}

// delivered gives the donor and the address of a gift that has arrived, or what it was given.
func (s step) delivered(as, path string) (donor, gift string) {
	donors := map[any]string{partyID("donor"): "donor", partyID("firm"): "firm"}
	for after := ""; ; {
		a, _ := s.try("look", request{as: as, method: http.MethodGet, path: "/api/campaigns?after=" + after})
		page := a.list()
		if len(page) == 0 {
			return as, path
		}
		for _, c := range page {
			if c["state"] == "delivered" {
				return donors[c["donor"]], fmt.Sprintf("/api/campaigns/%v", c["id"])
			}
			after, _ = c["id"].(string)
		}
	}
}

func (s step) changeOffer() {
	seller := s.oneOf(sellers...)
	if id := s.oneIn(s.offers, seller); id != "" {
		act := s.oneOf("pause", "resume", "resume", "withdraw", "close", "publish")
		s.try(act+" offer", request{as: s.oneOf(sellers...), path: "/api/offers/" + id + "/" + act, body: object{"reason": "换价"}})
	}
}

func (s step) changeNeed() {
	if id := s.oneIn(s.needs, s.oneOf("苹果", "大葱")); id != "" {
		act := s.oneOf("confirm", "confirm", "confirm", "refuse-more", "cancel", "close")
		s.try(act+" need", request{as: s.oneOf("union", "zhongnan"), path: "/api/demands/" + id + "/" + act, body: object{"reason": "够了"}})
	}
}

// again sends something that was accepted before, as it was: the answer has to be the same.
func (s step) again() {
	s.mu.Lock()
	if len(s.sent) == 0 {
		s.mu.Unlock()
		return
	}
	i := s.IntN(len(s.sent))
	r, first := s.sent[i], s.answers[i]
	s.mu.Unlock()
	a, err := s.send(context.Background(), r)
	if err != nil || a.status != first.status || string(a.raw) != string(first.raw) {
		s.t.Errorf("act %d, %s %s again: %d %s; it was %d %s (%v)", s.n, r.method, r.path, a.status, a.raw, first.status, first.raw, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done["again"]++
}

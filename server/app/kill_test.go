package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"
)

// asProgram makes the test binary behave as the program, so that a test can start it as a process and kill it.
const asProgram = "JISHI_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(Run(context.Background(), os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, func(string) string { return "" }))
	}
	os.Exit(m.Run())
}

// process is the program as a process of its own.
type process struct {
	cmd *exec.Cmd
	url string
}

var openedAt = regexp.MustCompile(`open: (http://\S+)`)

// start runs `serve` on a data folder and waits until it listens, or, when ready is false, only until it runs.
func start(t *testing.T, data string, ready bool) process {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve", "--data", data, "--addr", "127.0.0.1:0", "--demo")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err = cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := process{cmd: cmd}
	if !ready {
		return p
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := openedAt.FindStringSubmatch(lines.Text()); m != nil {
			p.url = m[1]
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return p
		}
	}
	p.kill()
	t.Fatal("the server ended before it listened")
	return p
}

// kill ends the process as a power cut does.
func (p process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// promises are the answers that a client got before the power went.
type promises struct {
	mu        sync.Mutex
	answers   int
	orders    map[string]string // id -> the last state that was answered
	bankLines map[string]bool
}

// TestAPowerCutLosesNothingThatWasPromised kills the server 50 times while four buyers trade, and looks after each start
// whether everything that was answered is there, nothing is half-done, and the invariants hold.
func TestAPowerCutLosesNothingThatWasPromised(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	w := &town{t: t, tokens: map[string]string{}}
	data, offer, need, gift := w.before()
	said := &promises{orders: map[string]string{}, bankLines: map[string]bool{}}
	rounds := 50
	if underRace {
		rounds = 5
	}
	for round := range rounds {
		p := start(t, data, round%5 != 4)
		if p.url == "" { // killed while it starts
			time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
			p.kill()
			continue
		}
		w.url = p.url                             // the sign-ins of the rounds before are still good
		answers := 1 + round%5*6 + random.IntN(6) // one cut early, one late: of 19 answers to four buyers at least four are payments
		w.tradeUntilKilled(p, round, answers, time.Duration(random.IntN(20_000))*time.Microsecond, offer, need, gift, said)
		checkAfterPowerCut(t, data, said)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	t.Logf("%d orders and %d payments were answered", len(said.orders), len(said.bankLines))
	if len(said.orders) < 2*rounds || len(said.bankLines) < rounds*4/5 {
		t.Error("too few to show anything")
	}
}

// before makes the folder with an offer of 100,000 boxes, a need and a campaign.
func (w *town) before() (data, offer, need, gift string) {
	w.t.Helper()
	data = w.t.TempDir()
	s, err := open(w.t.Context(), config{data: data, demo: true}, quiet())
	if err != nil {
		w.t.Fatal(err)
	}
	if err = s.seed(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.site = s
	stop := w.serve(context.WithoutCancel(w.t.Context()))
	offer, need = w.box(100_000), w.need("union", "苹果", "600吨")
	gift = w.post("donor", "/api/campaigns", object{
		"donor": partyID("donor"), "title": "断电", "named_use": "给医护", "demands": []string{need}, "goal_weight": "600吨",
	}).text("id")
	stop()
	if err = s.close(); err != nil {
		w.t.Fatal(err)
	}
	return data, offer, need, gift
}

// tradeUntilKilled lets four buyers order, sellers confirm and finance book payments until the power goes, a moment after so many answers.
func (w *town) tradeUntilKilled(p process, round, answers int, after time.Duration, offer, need, gift string, said *promises) {
	var all sync.WaitGroup
	for buyer := range 4 {
		all.Go(func() {
			for n := 0; ; n++ {
				err := w.tradeOnce(fmt.Sprintf("%d-%d-%d", round, buyer, n), offer, need, gift, said)
				if errors.Is(err, errGone) {
					return
				}
				if err != nil {
					w.t.Error(err)
					return
				}
			}
		})
	}
	said.waitFor(answers)
	time.Sleep(after)
	p.kill()
	all.Wait()
}

// waitFor waits until so many more answers came, so that each cut falls into traffic, for at most a minute.
func (s *promises) waitFor(more int) {
	end := time.Now().Add(time.Minute)
	for goal := s.count() + more; s.count() < goal && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

func (s *promises) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answers
}

// errGone says that the server does not answer any more.
var errGone = errors.New("the power is gone")

// tradeOnce orders, confirms and pays.
func (w *town) tradeOnce(name, offer, need, gift string, said *promises) error {
	a, err := w.send(context.Background(), request{as: "donor", method: http.MethodPost, path: "/api/orders", body: orderBody(offer, gift, need, "6公斤"), key: "o" + name, at: storyDay})
	if err != nil || !a.ok() {
		return refused(err, a)
	}
	var order struct {
		ID, State string
		Invoice   struct{ Reference string }
	}
	if err = json.Unmarshal(a.raw, &order); err != nil {
		return err
	}
	said.order(order.ID, order.State)
	a, err = w.send(context.Background(), request{as: "liulin", method: http.MethodPost, path: "/api/orders/" + order.ID + "/confirm", key: "c" + name, at: storyDay})
	if err != nil || !a.ok() {
		return refused(err, a)
	}
	said.order(order.ID, a.text("state"))
	client := "bank-" + name
	a, err = w.send(context.Background(), request{as: "finance", method: http.MethodPost, path: "/api/bank-lines", key: "b" + name, at: storyDay, body: object{"lines": []object{{
		"client_id": client, "reference": order.Invoice.Reference, "amount": "36.00元", "paid_at": "2020-02-02T08:00:00+08:00", "payer": "甲(演示)",
	}}}})
	if err != nil || !a.ok() {
		return refused(err, a)
	}
	said.paid(client)
	return nil
}

// refused tells a server that is gone from one that answered no.
func refused(err error, a answer) error {
	if err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return fmt.Errorf("answered %d: %s", a.status, a.raw)
}

func (s *promises) paid(client string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bankLines[client] = true
	s.answers++
}

func (s *promises) order(id, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[id] = state
	s.answers++
}

// checkAfterPowerCut opens the folder as the next start does.
func checkAfterPowerCut(t *testing.T, data string, said *promises) {
	t.Helper()
	s, err := open(t.Context(), config{data: data}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	b := readBooks(t, s)
	there, lines := map[string]string{}, map[string]bool{}
	for _, o := range b.rows(`SELECT id, act FROM orders`) {
		there[o.text("id")] = o.text("act")
	}
	for _, l := range b.rows(`SELECT client_id FROM bank_lines`) {
		lines[l.text("client_id")] = true
	}
	for id, state := range said.orders {
		if act := there[id]; act == "" || state == "allocated" && act != "confirmed" {
			t.Errorf("order %s was answered as %s and is %q now", id, state, act)
		}
	}
	for id := range said.bankLines {
		if !lines[id] {
			t.Errorf("bank line %s was answered and is gone", id)
		}
	}
	for _, half := range []struct{ what, query string }{
		{"orders without lines", `SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)`},
		{"orders without an audit event", `SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM audit_events a WHERE a.subject = 'order/' || o.id)`},
		{"entries without postings", `SELECT e.id FROM ledger_entries e WHERE NOT EXISTS (SELECT 1 FROM ledger_postings p WHERE p.entry = e.id)`},
		{"confirmed orders with nothing reserved", `SELECT o.id FROM orders o WHERE o.act = 'confirmed' AND NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.subject = 'order/' || o.id AND e.kind = 'reserved')`},
	} {
		if found := b.rows(half.query); len(found) > 0 {
			t.Errorf("%d %s, such as %s", len(found), half.what, found[0].text("id"))
		}
	}
	checkInvariants(t, s)
}

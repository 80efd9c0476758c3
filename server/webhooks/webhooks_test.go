package webhooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
	"jishi/server/store/storetest"
	"jishi/server/webhooks"
)

// call is what a receiver got.
type call struct {
	id     string
	header http.Header
	body   []byte
}

// receiver is somebody's server. It answers as it is told, 204 when it is told nothing.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []call
	answers []int
	header  http.Header
}

func newReceiver(t *testing.T, answers ...int) *receiver {
	r := &receiver{answers: answers, header: http.Header{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(req.Body)
	r.calls = append(r.calls, call{req.Header.Get("webhook-id"), req.Header.Clone(), body})
	status := http.StatusNoContent
	if len(r.answers) > 0 {
		status, r.answers = r.answers[0], r.answers[1:]
	}
	for k := range r.header {
		w.Header().Set(k, r.header.Get(k))
	}
	w.WriteHeader(status)
	if status >= 300 {
		_, _ = io.WriteString(w, "no\x00t today")
	}
}

func (r *receiver) got() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

// world is a service with a clock of its own.
type world struct {
	t     *testing.T
	db    *store.DB
	s     *webhooks.Service
	now   time.Time
	later []time.Time
}

// The receivers' libraries look at the clock on the wall, so the tests begin now.
func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{t: t, db: db, now: time.Now()}
	s, err := webhooks.NewService(webhooks.Deps{
		DB: db, Key: []byte("a key of the data folder"), Anywhere: true, Wall: func() time.Time { return w.now },
		Later: func(_ context.Context, _ store.Tx, _ string, at time.Time) error {
			w.later = append(w.later, at)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.s = s
	return w
}

// liulin acts for a cooperative.
var liulin = auth.Actor{User: "u1", Grants: []auth.Grant{{Role: auth.Coop, Party: "liulin"}}}

func (w *world) add(url string, kinds ...string) (webhooks.Webhook, *standardwebhooks.Webhook) {
	w.t.Helper()
	hook, secret, err := w.s.Add(w.t.Context(), liulin, "liulin", webhooks.Input{URL: url, Kinds: kinds})
	if err != nil {
		w.t.Fatal(err)
	}
	return hook, checker(w.t, secret)
}

func checker(t *testing.T, secret webhooks.Secret) *standardwebhooks.Webhook {
	t.Helper()
	c, err := standardwebhooks.NewWebhook(string(secret))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tell tells of something that happens to an order of liulin's; after is what its transaction ends with.
func (w *world) tell(kind, id string, after error) {
	w.t.Helper()
	err := w.db.InTx(w.t.Context(), func(tx store.Tx) error {
		e := webhooks.Event{Kind: kind, ID: id, At: 1_580_605_200_000, Parties: []string{"union", "liulin"}}
		return errors.Join(w.s.Tell(w.t.Context(), tx, e), after)
	})
	if !errors.Is(err, after) {
		w.t.Fatal(err)
	}
}

func (w *world) deliver(hook webhooks.Webhook) {
	w.t.Helper()
	if err := w.s.Deliver(w.t.Context(), hook.ID); err != nil {
		w.t.Fatal(err)
	}
}

// pass lets the time of the last thing asked for come, and delivers.
func (w *world) pass(hook webhooks.Webhook) {
	w.t.Helper()
	w.now = w.later[len(w.later)-1]
	w.deliver(hook)
}

func (w *world) messages(hook webhooks.Webhook, state webhooks.State) []webhooks.Message {
	w.t.Helper()
	list, err := w.s.Messages(w.t.Context(), liulin, hook.ID, webhooks.Page{State: state, Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func ids(calls []call) (out []string) {
	for _, c := range calls {
		var b webhooks.Body
		_ = json.Unmarshal(c.body, &b)
		out = append(out, b.Data.ID)
	}
	return out
}

func wantIDs(t *testing.T, calls []call, want ...string) {
	t.Helper()
	if got := ids(calls); !slices.Equal(got, want) {
		t.Errorf("told of %v, want %v", got, want)
	}
}

func TestAReceiverHearsWhatHappenedSignedAndInOrder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t)
		hook, check := w.add(r.URL, "order.*")
		w.tell("order.submit", "o1", nil)
		w.tell("order.confirm", "o1", errors.New("the seller was too late")) // rolled back: nobody hears of it
		w.tell("trip.load", "t1", nil)                                       // not asked for
		w.tell("order.confirm", "o2", nil)
		w.deliver(hook)
		calls := r.got()
		wantIDs(t, calls, "o1", "o2")
		for _, c := range calls {
			if err := check.Verify(c.body, c.header); err != nil {
				t.Error(err)
			}
			if err := check.Verify(append(c.body, ' '), c.header); err == nil {
				t.Error("a changed message passes")
			}
		}
		want := `{"type":"order.submit","timestamp":"2020-02-02T01:00:00.000Z","data":{"kind":"order","id":"o1","path":"/api/orders/o1"}}`
		if string(calls[0].body) != want {
			t.Errorf("sent %s, want %s", calls[0].body, want)
		}
		w.deliver(hook)
		if len(r.got()) != 2 || len(w.messages(hook, webhooks.Delivered)) != 2 {
			t.Error("what arrived was sent again")
		}
	})
}

func TestARefusedMessageComesAgainUnderTheSameIdWhileOthersGoOn(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t, 500)
		hook, check := w.add(r.URL, "order.*")
		w.tell("order.submit", "o1", nil)
		w.tell("order.submit", "o2", nil)
		w.deliver(hook)
		wantIDs(t, r.got(), "o1", "o2")
		w.pass(hook)
		calls := r.got()
		wantIDs(t, calls, "o1", "o2", "o1")
		if calls[0].id != calls[2].id || calls[0].id == calls[1].id {
			t.Errorf("ids %s, %s, %s", calls[0].id, calls[1].id, calls[2].id)
		}
		if calls[0].header.Get("webhook-timestamp") == calls[2].header.Get("webhook-timestamp") {
			t.Error("a repeat carries the time of the first try")
		}
		if err := check.Verify(calls[2].body, calls[2].header); err != nil {
			t.Error(err)
		}
		m, tries, err := w.s.Message(t.Context(), liulin, hook.ID, strings.TrimPrefix(calls[0].id, "msg_"))
		if err != nil || m.State() != webhooks.Delivered || len(tries) != 2 || tries[0].Status != 500 || tries[0].Said != "not today" || tries[1].Status != 204 {
			t.Errorf("the log says %+v, %+v, %v", m, tries, err)
		}
	})
}

func TestAMessageIsGivenUpAfterTenTriesAndItsWebhookStopped(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t, slices.Repeat([]int{500}, 20)...)
		hook, _ := w.add(r.URL, "order.submit")
		w.tell("order.submit", "o1", nil)
		begun := w.now
		w.deliver(hook)
		for range webhooks.MaxTries - 1 {
			at := w.now
			w.deliver(hook) // before its time: nothing is sent
			w.pass(hook)
			if w.now.Sub(at) < 5*time.Second {
				t.Errorf("tried again after %v", w.now.Sub(at))
			}
		}
		// 75 h 35 min 5 s by the table of the specification, and up to a tenth more.
		if took := w.now.Sub(begun); took < 75*time.Hour || took > 84*time.Hour || len(r.got()) != 10 {
			t.Errorf("%d tries in %v", len(r.got()), took)
		}
		if len(w.messages(hook, webhooks.GivenUp)) != 1 {
			t.Error("it is not given up")
		}
		if hook, _ = w.s.Webhook(t.Context(), liulin, hook.ID); hook.Stopped != webhooks.Dead {
			t.Errorf("the webhook is %q", hook.Stopped)
		}
		w.tell("order.submit", "o2", nil)
		if len(w.messages(hook, webhooks.Waiting)) != 0 {
			t.Error("a dead webhook hears on")
		}
	})
}

func TestAMessageGivenUpIsSentByHand(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t, 410)
		hook, check := w.add(r.URL, "order.submit")
		w.tell("order.submit", "o1", nil)
		w.deliver(hook)
		event := w.messages(hook, webhooks.GivenUp)[0].Event
		if _, err := w.s.Resend(t.Context(), liulin, hook.ID, event); fault.Of(err) == nil || fault.Of(err).Code != "webhook_stopped" {
			t.Errorf("sent to a server that is gone: %v", err)
		}
		if _, err := w.s.Change(t.Context(), liulin, hook.ID, webhooks.Input{URL: r.URL, Kinds: hook.Kinds}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.Resend(t.Context(), liulin, hook.ID, event); err != nil {
			t.Fatal(err)
		}
		w.deliver(hook)
		calls := r.got()
		if len(calls) != 2 || calls[0].id != calls[1].id || check.Verify(calls[1].body, calls[1].header) != nil {
			t.Errorf("got %d calls", len(calls))
		}
	})
}

func TestAServerThatIsAwayIsLeftAlone(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t, 503)
		r.header.Set("Retry-After", "120")
		hook, _ := w.add(r.URL, "order.submit")
		w.tell("order.submit", "o1", nil)
		w.tell("order.submit", "o2", nil)
		w.deliver(hook)
		wantIDs(t, r.got(), "o1")
		w.now = w.now.Add(119 * time.Second)
		w.deliver(hook)
		wantIDs(t, r.got(), "o1")
		w.now = w.now.Add(2 * time.Second)
		w.deliver(hook)
		wantIDs(t, r.got(), "o1", "o1", "o2")

		r.Close()
		w.tell("order.submit", "o3", nil)
		w.deliver(hook)
		m := w.messages(hook, webhooks.Waiting)[0]
		if _, tries, err := w.s.Message(t.Context(), liulin, hook.ID, m.Event); err != nil || tries[0].Status != 0 || tries[0].Said == "" { // refused, or cut off where a connection was kept
			t.Errorf("the log says %+v, %v", tries, err)
		}
	})
}

// Of several workers at one webhook one sends, so that the order holds and nothing is sent twice.
func TestManyWorkersSendEachMessageOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t)
		hook, _ := w.add(r.URL, "order.submit")
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprint("o", i))
			w.tell("order.submit", want[i], nil)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := w.s.Deliver(t.Context(), hook.ID); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.deliver(hook)
		wantIDs(t, r.got(), want...)
	})
}

func TestANewSecretAndTheOneBeforeBothHoldForADay(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t)
		hook, before := w.add(r.URL, "order.submit")
		_, secret, err := w.s.Rotate(t.Context(), liulin, hook.ID)
		if err != nil {
			t.Fatal(err)
		}
		after := checker(t, secret)
		w.tell("order.submit", "o1", nil)
		w.deliver(hook)
		w.now = w.now.Add(25 * time.Hour)
		w.tell("order.submit", "o2", nil)
		w.deliver(hook)
		calls := r.got()
		for i, want := range []struct{ before, after bool }{{true, true}, {false, true}} {
			c := calls[i]
			old, now := before.VerifyIgnoringTimestamp(c.body, c.header) == nil, after.VerifyIgnoringTimestamp(c.body, c.header) == nil
			if old != want.before || now != want.after {
				t.Errorf("message %d: the old secret holds: %v, the new one: %v", i, old, now)
			}
		}
		var kept string
		if err := db.Read().QueryRowContext(t.Context(), `SELECT secret FROM webhooks`).Scan(&kept); err != nil || strings.Contains(kept, "whsec_") {
			t.Errorf("the database holds %q, %v", kept, err)
		}
	})
}

func TestOthersFindNoWebhook(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		w, r := newWorld(t, db), newReceiver(t)
		hook, _ := w.add(r.URL, "order.submit")
		for _, by := range []auth.Actor{
			{User: "u2", Grants: []auth.Grant{{Role: auth.Coop, Party: "biaojiao"}}},
			{User: "u3", Grants: []auth.Grant{{Role: auth.Grower, Party: "liulin"}}},
			{User: "u4", Grants: []auth.Grant{{Role: auth.Operator}}},
		} {
			if _, err := w.s.Webhook(t.Context(), by, hook.ID); fault.Of(err) == nil || fault.Of(err).Kind != fault.NotFound {
				t.Errorf("%s sees it: %v", by.User, err)
			}
			if _, _, err := w.s.Add(t.Context(), by, "liulin", webhooks.Input{URL: r.URL, Kinds: []string{"order.*"}}); fault.Of(err) == nil {
				t.Errorf("%s hears of another's orders", by.User)
			}
		}
		if err := w.s.Delete(t.Context(), liulin, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.tell("order.submit", "o1", nil)
		w.deliver(hook)
		if len(r.got()) != 0 {
			t.Error("a deleted webhook hears on")
		}
	})
}

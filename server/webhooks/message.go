package webhooks

import (
	"math/rand/v2"
	"net/http"
	"time"

	"jishi/server/measure"
)

// State is where a message stands.
type State string

// The states of a message.
const (
	Waiting   State = "waiting"
	Delivered State = "delivered"
	GivenUp   State = "given_up"
)

// Message is one event on its way to one webhook.
type Message struct {
	Webhook     string
	Event       string // the same for every webhook that hears it; webhook-id is "msg_" and this
	Kind        string
	Body        string
	ToldAt      measure.Millis
	Tries       int // since it was last sent by hand
	NextAt      measure.Millis
	DeliveredAt measure.Millis
}

// State is worked out from the two instants.
func (m Message) State() State {
	switch {
	case m.NextAt > 0:
		return Waiting
	case m.DeliveredAt > 0:
		return Delivered
	}
	return GivenUp
}

// Attempt is one line of the delivery log.
type Attempt struct {
	ID      string
	Webhook string
	Event   string
	At      measure.Millis
	TookMS  int64
	Status  int    // 0: no answer
	Said    string // the beginning of the answer, or why there was none

	retryAfter time.Duration
}

func (a Attempt) delivered() bool { return a.Status/100 == 2 }

// away reports whether the server, rather than this message, is the trouble: then its other messages wait, too.
func (a Attempt) away() bool {
	switch a.Status {
	case 0, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// delays are the times between tries, by the example in the specification: ten tries in three days.
var delays = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// MaxTries is how often a message is tried before it is given up.
var MaxTries = len(delays) + 1

// The longest time that other messages of a server that is away wait, and that one is left alone because it asks for that.
const (
	quietTime     = 5 * time.Minute
	maxRetryAfter = 24 * time.Hour
)

// again gives the time until the next try after n, at most a tenth longer than planned so that many don't come at once; ok is false
// when n was the last.
func again(n int, after time.Duration) (wait time.Duration, ok bool) {
	if n >= MaxTries {
		return 0, false
	}
	wait = delays[n-1]
	wait += time.Duration(rand.Int64N(int64(wait)/10 + 1))
	return max(wait, min(after, maxRetryAfter)), true
}

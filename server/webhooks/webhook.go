package webhooks

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Stopped says why a webhook hears nothing; "" while it hears.
type Stopped string

// The reasons.
const (
	Paused Stopped = "paused" // by its owner
	Gone   Stopped = "gone"   // its server answered 410
	Dead   Stopped = "dead"   // a message was given up, and no other arrived since that one's first try
)

// Webhook is an address that hears what happens to a party.
type Webhook struct {
	ID      string
	Party   string
	URL     string
	Kinds   []string // "order.confirm", "order.*"; sorted
	Stopped Stopped
	MadeAt  measure.Millis
	MadeBy  string

	secret, oldSecret string // sealed
	oldUntil          measure.Millis
}

// Limits of what a party can ask for.
const (
	MaxWebhooks = 10
	maxURL      = 500
)

// check faults an address or a kind that can't be taken.
func (w *Webhook) check(anywhere bool) error {
	if err := checkURL(w.URL, anywhere); err != nil {
		return err
	}
	slices.Sort(w.Kinds)
	w.Kinds = slices.Compact(w.Kinds)
	if len(w.Kinds) == 0 {
		return fault.At("kinds", "required", "This can't be empty.")
	}
	for _, k := range w.Kinds {
		if !known(k) {
			return fault.At("kinds", "unknown_kind_of_news", "There is no news of the kind %q.", k)
		}
	}
	return nil
}

// checkURL takes https:// addresses of servers on the internet; anywhere takes http:// and our own network too. A name is looked at
// again when it is called, since it may lead elsewhere by then.
func checkURL(text string, anywhere bool) error {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return fault.At("url", "bad_webhook_url", "Give an address such as https://example.org/hook, without a name, a password or a # in it, at most %d characters.", maxURL)
	}
	if anywhere {
		return nil
	}
	if u.Scheme != "https" {
		return fault.At("url", "webhook_not_https", "The address must begin with https://, so that nobody on the way can read what is sent.")
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !onInternet(a) || localName(u.Hostname()) {
		return insideFault()
	}
	return nil
}

func insideFault() *fault.Fault {
	return fault.At("url", "webhook_inside", "This address is inside a network of its own. Give one that the internet reaches.")
}

// localName tells names that only mean something inside a network: RFC 6761, RFC 6762, and names without a dot.
func localName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if net.ParseIP(host) != nil {
		return false
	}
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

package webhooks

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// special are the blocks that are not on the internet although they look like it, or that lead into others: the special-purpose
// registries of IANA (RFC 6890), 6to4 (RFC 3056) and site-local addresses (RFC 3879). Loopback, link-local, multicast, private
// (RFC 1918) and unique local addresses (RFC 4193) are told by package netip.
var special = blocks("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10")

func blocks(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, text := range list {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// onInternet reports whether an address is that of a server on the internet.
func onInternet(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// errInside is the end of a call to our own network.
var errInside = errors.New("the address is inside a network of its own")

// sendTime is how long a server may take to answer: the specification advises 15 to 30 s.
const sendTime = 15 * time.Second

// newClient gives a client that follows no redirect, and calls only servers on the internet unless anywhere is set. What a name means is
// looked at when the connection is made: nothing can change it between the look and the call.
func newClient(anywhere bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !anywhere {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !onInternet(a.Addr()) {
				return errInside
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:       sendTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil, DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1, MaxConnsPerHost: 4,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 1 << 14,
		},
	}
}

package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"jishi/server/auth"
)

const (
	// firstWait is how long a page waits for its first answers; what is late the page asks itself.
	firstWait = 500 * time.Millisecond
	// firstMost is the longest answer that comes with a page, in bytes.
	firstMost = 128 << 10
)

// question is something that a page asks as soon as it runs.
type question struct {
	Ask      string      `json:"ask"`       // "/lots?party=:party"; ":id" is the page's, ":party" the first party in which somebody has one of Roles
	Query    bool        `json:"query"`     // the page's own query belongs to it
	SignedIn bool        `json:"signed_in"` // asked by whoever is signed in
	Roles    []auth.Role `json:"roles"`     // asked by these only
	Unless   []auth.Role `json:"unless"`    // not asked by these
}

// everyPage is asked whatever the page.
var everyPage = []question{{Ask: "/me"}, {Ask: "/notices?unread=true&limit=1", SignedIn: true}}

// told is the block of data in a page: what its first questions would be answered, and when and in which language.
type told struct {
	Lang    string                `json:"lang"`
	Date    string                `json:"date"`
	Answers map[string]toldAnswer `json:"answers"`
}

type toldAnswer struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// asker answers a page's first questions by asking the interface as the reader of the page would.
type asker struct {
	services Services
	api      http.Handler
}

// tell gives the block of data for a page, "" where it must have none: only somebody who opens the page in a window gets it, so
// that no service worker and no script keeps a page with a person's data in it.
func (k asker) tell(page address, r *http.Request) string {
	if page.Pattern == "" || r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate" || langOf(r) == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(r.Context(), firstWait)
	defer cancel()
	all := told{Lang: langOf(r), Date: time.Now().UTC().Format(http.TimeFormat), Answers: map[string]toldAnswer{}}
	for _, q := range k.questions(page, r) {
		answer := k.ask(ctx, r, q)
		if date := answer.header.Get("Date"); date != "" {
			all.Date = date
		}
		if body := answer.body.Bytes(); answer.status < 500 && ctx.Err() == nil && len(body) <= firstMost && json.Valid(body) {
			all.Answers["/api"+q] = toldAnswer{Status: answer.status, Body: body}
		}
	}
	// The encoder writes < and > as escapes: nothing in the data can end the block.
	block, err := json.Marshal(all)
	if err != nil {
		return ""
	}
	return `<script type="application/json" id="first">` + string(block) + `</script>`
}

// questions gives the addresses of what the page asks this reader's server first.
func (k asker) questions(page address, r *http.Request) []string {
	who, _ := (&signedIn{services: k.services, token: tokenOf(r)}).get(r.Context())
	var out []string
	for _, q := range slices.Concat(everyPage, page.First) {
		if at, ok := q.at(page, r.URL, who); ok {
			out = append(out, at)
		}
	}
	return out
}

// at fills in a question's address; false when this reader does not ask it.
func (q question) at(page address, u *url.URL, who auth.Actor) (string, bool) {
	has := func(roles []auth.Role) bool { return slices.ContainsFunc(roles, who.Is) }
	if q.SignedIn && !who.SignedIn() || q.Roles != nil && !has(q.Roles) || has(q.Unless) {
		return "", false
	}
	at := q.Ask
	if strings.Contains(at, ":party") {
		own := slices.IndexFunc(who.Grants, func(g auth.Grant) bool { return g.Party != "" && slices.Contains(q.Roles, g.Role) })
		if own < 0 {
			return "", false
		}
		at = strings.ReplaceAll(at, ":party", url.QueryEscape(who.Grants[own].Party))
	}
	path := strings.Split(u.Path, "/")
	for i, part := range strings.Split(page.Pattern, "/") {
		if strings.HasPrefix(part, ":") {
			at = strings.ReplaceAll(at, part, url.PathEscape(path[i]))
		}
	}
	if q.Query && u.RawQuery != "" {
		at += "&" + u.RawQuery
	}
	return at, true
}

// ask puts one question in the name of who asked for the page.
func (k asker) ask(ctx context.Context, r *http.Request, path string) *answered {
	a := &answered{header: http.Header{}, status: http.StatusOK}
	inner, err := http.NewRequestWithContext(ctx, http.MethodGet, "/api"+path, http.NoBody)
	if err != nil {
		a.status = http.StatusInternalServerError
		return a
	}
	inner.Header, inner.Host, inner.RemoteAddr, inner.RequestURI = r.Header.Clone(), r.Host, r.RemoteAddr, "/api"+path
	k.api.ServeHTTP(a, inner)
	return a
}

// answered keeps an answer in memory.
type answered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answered) Header() http.Header         { return a.header }
func (a *answered) WriteHeader(status int)      { a.status = status }
func (a *answered) Write(b []byte) (int, error) { return a.body.Write(b) }

package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"jishi/server/auth"
	"jishi/server/fault"
)

const (
	cookieName  = "jishi_session"
	clockHeader = "X-Jishi-Clock"
	keyHeader   = "Idempotency-Key"

	maxJSON  = 1 << 20  // 1 MiB
	maxPhoto = 20 << 20 // 20 MiB
)

// intake reads off a request what every handler needs: who, which language, which day; and refuses bodies that no handler
// should see.
type intake struct {
	config   Config
	services Services
	next     http.Handler
}

func (in intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self' https://checkout.stripe.com")
	if !isAPI(r) {
		in.next.ServeHTTP(w, r)
		return
	}
	h.Set("Cache-Control", "no-store")
	req := &requested{host: r.Host, token: tokenOf(r), lang: langOf(r), key: r.Header.Get(keyHeader), secure: in.config.Secure, log: in.config.Log}
	req.actor = &signedIn{services: in.services, token: req.token}
	ctx := context.WithValue(r.Context(), requestKey, req)
	ctx, err := in.withClock(ctx, h, r)
	if err == nil {
		r = r.WithContext(ctx)
		err = checkAddress(r.URL)
	}
	if err == nil {
		err = readBody(w, r)
	}
	if err == nil {
		err = checkKey(req.key)
	}
	if err != nil {
		writeProblem(w, r.WithContext(ctx), problemOf(ctx, err))
		return
	}
	in.next.ServeHTTP(w, r)
}

// withClock sets the day of a story, also in the answer's Date, from which pages learn how far a phone's clock is off.
// Outside the demonstration the header is refused rather than passed over.
func (in intake) withClock(ctx context.Context, answer http.Header, r *http.Request) (context.Context, error) {
	value := r.Header.Get(clockHeader)
	if value == "" {
		return ctx, nil
	}
	if !in.config.Demo {
		return ctx, fault.At(clockHeader, "no_clock", "The clock can only be set in the demonstration.")
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return ctx, fault.At(clockHeader, "bad_instant", "A time is written like %s.", "2020-02-01T09:00:00+08:00")
	}
	answer.Set("Date", t.UTC().Format(http.TimeFormat))
	return auth.WithTime(ctx, t), nil
}

func tokenOf(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	if c, err := r.Cookie(cookieName); err == nil {
		return c.Value
	}
	return ""
}

var languages = language.NewMatcher([]language.Tag{language.English, language.Chinese})

// langOf gives "zh" or "en", and "" when the request asks for neither. A link to a file can't set a header: it may say ?lang=zh.
func langOf(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang == "zh" || lang == "en" {
		return lang
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return ""
	}
	_, i, sure := languages.Match(tags...)
	switch {
	case sure == language.No:
		return ""
	case i == 1:
		return "zh"
	}
	return "en"
}

// languageOf gives the language to answer in: the request's, else the person's, else English.
func languageOf(ctx context.Context) string {
	if r := requestOf(ctx); r.lang != "" {
		return r.lang
	}
	if a, err := visitor(ctx); err == nil && a.Lang != "" {
		return a.Lang
	}
	return "en"
}

// checkKey wants what the standard draft of the header allows: up to 200 printable ASCII characters.
func checkKey(key string) error {
	if len(key) > 200 || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fault.At(keyHeader, "bad_key", "A key has at most %d letters, digits or signs of ASCII.", 200)
	}
	return nil
}

// checkAddress refuses what no text column can hold, in the path and in the query.
func checkAddress(u *url.URL) error {
	query, err := url.QueryUnescape(u.RawQuery)
	if err != nil {
		return badRequest("bad_request", "This request can't be read.")
	}
	for _, text := range []string{u.Path, query} {
		if !utf8.ValidString(text) {
			return errUTF8
		}
		if strings.ContainsRune(text, 0) {
			return errNUL
		}
	}
	return nil
}

// holdsNUL reports whether a JSON text says the character U+0000, which PostgreSQL can't keep.
func holdsNUL(body []byte) bool {
	nul := []byte(`\u0000`)
	for at := bytes.Index(body, nul); at >= 0; {
		slashes := 0
		for slashes < at && body[at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return true
		}
		next := bytes.Index(body[at+1:], nul)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

// readBody takes the whole body in, so that it can be checked, compared and replayed.
func readBody(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Body == nil {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	limit := int64(maxJSON)
	if kind == "multipart/form-data" {
		limit = maxPhoto + maxJSON
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.New(fault.TooLarge, "too_large", "This request is longer than the %d bytes allowed.", limit)
	}
	if err != nil {
		return errBody
	}
	if kind != "multipart/form-data" && !utf8.Valid(body) {
		return errUTF8
	}
	if kind != "multipart/form-data" && holdsNUL(body) {
		return errNUL
	}
	if len(body) > 0 && kind == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return nil
}

var (
	errBody = badRequest("bad_body", "The request ended before it was complete.")
	errUTF8 = badRequest("bad_utf8", "The request is not valid UTF-8.")
	errNUL  = badRequest("bad_character", "The request holds a character that can't be kept (U+0000).")
)

// signedIn finds out once per request who is acting.
type signedIn struct {
	services Services
	token    string
	done     bool
	actor    auth.Actor
	err      error
}

func (s *signedIn) get(ctx context.Context) (auth.Actor, error) {
	if !s.done && s.token != "" {
		s.actor, s.err = s.services.Auth.Actor(ctx, s.token)
	}
	s.done = true
	return s.actor, s.err
}

// actor gives who is acting: fault SignIn when nobody is.
func actor(ctx context.Context) (auth.Actor, error) {
	a, err := visitor(ctx)
	if err == nil && !a.SignedIn() {
		err = fault.New(fault.SignIn, "sign_in", "Please sign in first.")
	}
	return a, err
}

// visitor gives who is acting; the zero Actor when nobody is.
func visitor(ctx context.Context) (auth.Actor, error) {
	r := requestOf(ctx)
	if r.actor == nil {
		return auth.Actor{}, nil
	}
	return r.actor.get(ctx)
}

// reader gives who is reading what everybody may read; one whose session is over reads it as a visitor.
func reader(ctx context.Context) (auth.Actor, error) {
	a, err := visitor(ctx)
	if fault.Is(err, fault.SignIn) {
		return auth.Actor{}, nil
	}
	return a, err
}

// clientID names one act of one person, "" when the request carried no Idempotency-Key. What posts or creates keeps it, so
// that a crash between the effect and the answer doesn't double the effect.
func clientID(ctx context.Context) string {
	r := requestOf(ctx)
	by, err := visitor(ctx)
	if r.key == "" || err != nil {
		return ""
	}
	return keyOf(by, r.key)
}

// keyOf keeps the keys of people apart. Visitors share one room; a page's keys are random.
func keyOf(by auth.Actor, key string) string {
	if !by.SignedIn() {
		return "visitor/" + key
	}
	return by.User + "/" + key
}

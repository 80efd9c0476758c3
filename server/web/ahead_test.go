package web

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"jishi/server/auth"
	"jishi/server/store/storetest"
)

func TestAPageNamesItsFilesAhead(t *testing.T) {
	t.Parallel()
	files := maps.Clone(builtPages)
	files["index.html"] = &fstest.MapFile{Data: []byte("<title>x</title>")}
	files["ahead.json"] = &fstest.MapFile{Data: []byte(`[{"pattern":"/lots/new","zh":["assets/new.js","assets/zh.js"],"en":["assets/new.js","assets/en.js"]},{"pattern":"/lots/:id","zh":["assets/lot.js"],"en":["assets/lot.js"]}]`)}
	s := newSiteWith(t, storetest.SQLite(t), Config{Pages: files})
	for _, row := range []struct {
		path, lang string
		want       []string
	}{
		{"/lots/new", "zh-CN", []string{"new.js", "zh.js"}},
		{"/lots/new", "en", []string{"new.js", "en.js"}},
		{"/lots/01abc", "", []string{"lot.js"}},
		{"/lots/", "", nil},
		{"/lots/01abc/more", "", nil},
	} {
		r := s.do(t, http.MethodGet, row.path, "", "Accept-Language", row.lang)
		want := "<title>x</title>"
		for _, file := range row.want {
			want += `<link rel="modulepreload" crossorigin href="/assets/` + file + `">`
		}
		if string(r.text) != want {
			t.Errorf("%s in %q: %s", row.path, row.lang, r.text)
		}
	}
}

func TestAPageBringsItsFirstAnswers(t *testing.T) {
	t.Parallel()
	files := maps.Clone(builtPages)
	files["index.html"] = &fstest.MapFile{Data: []byte("<title>x</title><body></body>")}
	files["ahead.json"] = &fstest.MapFile{Data: []byte(`[{"pattern":"/lots/:id","first":[{"ask":"/nothing/:id"},{"ask":"/only","roles":["finance"]},{"ask":"/none","unless":["finance"],"query":true},{"ask":"/of?party=:party","roles":["coop"]}]}]`)}
	s := newSiteWith(t, storetest.SQLite(t), Config{Pages: files})
	block := regexp.MustCompile(`^<title>x</title><body><script type="application/json" id="first">(.*)</script></body>$`)
	open := func(mode string, headers ...string) (reply, told) {
		r := s.do(t, http.MethodGet, "/lots/01abc", "", append(headers, "Sec-Fetch-Mode", mode)...)
		var d told
		if m := block.FindSubmatch(r.text); m != nil {
			if bytes.ContainsAny(m[1], "<>") {
				t.Errorf("data can end its block: %s", m[1])
			}
			if err := json.Unmarshal(m[1], &d); err != nil {
				t.Fatal(err)
			}
		}
		return r, d
	}

	r, d := open("navigate", "Accept-Language", "zh-CN", "Authorization", "")
	if len(d.Answers) != 3 || d.Answers["/api/me"].Status != 401 || d.Answers["/api/nothing/01abc"].Status != 404 || d.Lang != "zh" || d.Date == "" {
		t.Errorf("a visitor is told %+v", d)
	}
	if got := r.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("a page with data in it may be kept: %q", got)
	}

	if _, d = open("navigate", "Accept-Language", "zh-CN"); !strings.Contains(string(d.Answers["/api/me"].Body), "柳林") {
		t.Errorf("somebody who is signed in is told %+v", d)
	}
	for _, row := range [][]string{{"cors", "Accept-Language", "zh-CN"}, {"", "Accept-Language", "zh-CN"}, {"navigate", "Accept-Language", ""}} {
		if r, _ = open(row[0], row[1:]...); string(r.text) != "<title>x</title><body></body>" || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%q: a page that may be kept is %q, %s", row, r.Header.Get("Cache-Control"), r.text)
		}
	}
}

func TestAFirstQuestionIsTheReadersOwn(t *testing.T) {
	t.Parallel()
	page := address{Pattern: "/lots/:id"}
	coop := auth.Actor{User: "u", Grants: []auth.Grant{{Role: auth.Coop}, {Role: auth.Driver, Party: "d"}, {Role: auth.Coop, Party: "a&b"}}}
	for _, row := range []struct {
		q    question
		who  auth.Actor
		want string
	}{
		{question{Ask: "/lots/:id"}, auth.Actor{}, "/lots/x%3Fy"},
		{question{Ask: "/search?limit=20", Query: true}, auth.Actor{}, "/search?limit=20&q=1"},
		{question{Ask: "/todo", SignedIn: true}, auth.Actor{}, ""},
		{question{Ask: "/todo", SignedIn: true}, coop, "/todo"},
		{question{Ask: "/lots?party=:party", Roles: []auth.Role{auth.Coop}}, coop, "/lots?party=a%26b"},
		{question{Ask: "/lots?party=:party", Roles: []auth.Role{auth.Carrier}}, coop, ""},
		{question{Ask: "/lots?party=:party", Roles: []auth.Role{auth.Operator}}, auth.Actor{User: "o", Grants: []auth.Grant{{Role: auth.Operator}}}, ""},
		{question{Ask: "/orders", Unless: []auth.Role{auth.Coop}}, coop, ""},
		{question{Ask: "/orders", Unless: []auth.Role{auth.Coop}}, auth.Actor{}, "/orders"},
	} {
		if got, ok := row.q.at(page, &url.URL{Path: "/lots/x?y", RawQuery: "q=1"}, row.who); got != row.want || ok != (row.want != "") {
			t.Errorf("%+v asked %q (%t), want %q", row.q, got, ok, row.want)
		}
	}
}

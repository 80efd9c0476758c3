package story_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/server/app/story"
)

// echo answers with what it was sent, so that a story can look at its own requests.
func echo(t *testing.T) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/session" {
			_, _ = io.WriteString(w, `{"token":"t-1"}`)
			return
		}
		if r.URL.Path == "/no" {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
		_, _ = io.WriteString(w, `{"clock":"`+r.Header.Get("X-Jishi-Clock")+`","who":"`+r.Header.Get("Authorization")+
			`","key":"`+r.Header.Get("Idempotency-Key")+`","list":[{"n":5985600,"name":"a"},{"n":2,"name":"b"}],"sent":`)
		_, _ = io.Copy(w, r.Body)
		_, _ = io.WriteString(w, `}`)
	}))
	t.Cleanup(srv.Close)
	return srv
}

func play(t *testing.T, text string, say func(string)) error {
	t.Helper()
	s, err := story.Parse("t", text)
	if err != nil {
		t.Fatal(err)
	}
	p := story.Player{Base: echo(t).URL, Password: func(string) string { return "x" }, Say: say}
	return p.Play(t.Context(), s)
}

func TestPlay(t *testing.T) {
	t.Parallel()
	var said []string
	err := play(t, `
at 2020-02-01T09:00:00+08:00
as clerk
key k1
post /x {"a":
  [1,2]}
want .clock 2020-02-01T09:00:00+08:00
want .who Bearer t-1
want .key k1
want .sent.a[1] 2
want .list.length 2
want .list[name=b].n 2
want .list[+n] 5985602
below .list[1].n 1 + 2
each two.csv
post /x {"a":"$word-$n"}
let last .sent.a
end
post /x {"a":{"b":"$last","c":$n}}
want .sent.a.b two-2
want .sent.a.c 2
let n .list[name=a].name
post 422 /no {"a":"$n"}
want .sent.a a
want .key
has .sent "a"
lacks .sent zzz
say 共 {.list[0].n|fen} 元
-- two.csv --
n,word
1,one
2,two
`, func(s string) { said = append(said, s) })
	if err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || said[0] != "共 59856.00 元" {
		t.Errorf("said %q", said)
	}
}

func TestPlayFailures(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, want string }{
		{"get /no", "answered 422"},
		{"get 404 /x", "answered 200"},
		{"post /x {\"a\":1}\nwant .sent.a 2", "is 1"},
		{"post /x {\"a\":1}\nhas .sent zz", "not in"},
		{"post /x {\"a\":1}\nlacks .sent a", "is in"},
		{"post /x {\"a\":1}\nwant .sent.b 2", "no .b"},
		{"post /x {\"a\":1}\nwant .list[7].n 2", "no item [7]"},
		{"post /x {\"a\":1}\nsay {.nothing}", "no .nothing"},
		{"post /x {}\nbelow .list[1].n 1 + 1", "2 is not below 2"},
		{"get /$nothing", "nothing was kept as nothing"},
		{"each f.csv\npost /x $n\nwant .sent 7\nend\n-- f.csv --\nn\n7\n8\n", "row 2 of f.csv: is 8"},
		{"post /x {}\nwant .list[+name] 3", "no whole number"},
	} {
		err := play(t, row.text, nil)
		var failure *story.Failure
		if !errors.As(err, &failure) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: %v, want %q", row.text, err, row.want)
		}
	}
}

func TestParseNamesTheLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"get /\nfrobnicate": "t:2: unknown verb", "  x": "t:1: a continuation",
		"get /\nend": "t:2: an end of nothing", "each f.csv\nget /": "t:1: each without its end", "each f.csv\nend": "has no file \"f.csv\"",
		"each f.csv\nend\n-- f.csv --\nn\n": "f.csv has no rows"} {
		if _, err := story.Parse("t", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

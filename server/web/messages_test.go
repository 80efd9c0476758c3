package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"jishi/server/fault"
)

// said is one place in the sources that makes a fault: its code and its English sentence.
type said struct{ path, code, english string }

func everythingSaid(t *testing.T) []said {
	t.Helper()
	made := regexp.MustCompile(`fault\.(?:New\(fault\.\w+|At\([^\n]*?), "([a-z_]+)",\s*("(?:[^"\\]|\\.)*")`)
	var out []said
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile("../" + path)
		for _, m := range made.FindAllStringSubmatch(string(text), -1) {
			out = append(out, said{path, m[1], m[2]})
		}
		return err
	})
	if err != nil || len(out) < 60 {
		t.Fatalf("found only %d faults, %v", len(out), err)
	}
	return out
}

// Every sentence that a service can say to a person exists in Chinese, and says no more than the fault knows.
func TestEveryFaultIsSaidInChinese(t *testing.T) {
	t.Parallel()
	for _, s := range everythingSaid(t) {
		args := make([]any, blanks(s.english))
		for i := range args {
			args[i] = "x"
		}
		f := fault.New(fault.Invalid, s.code, "%s", s.english)
		f.Args = args
		if text := sentence("zh", f); text == s.english {
			t.Errorf("%s: no Chinese sentence for %q (%s) in messages_zh.json", s.path, s.code, s.english)
		} else if strings.Contains(strings.ReplaceAll(text, "%!d(string=x)", ""), "%!") {
			t.Errorf("%s: %q is said as %s", s.path, s.code, text)
		}
	}
}

// A weight brings its unit along: a sentence that names one again, or is given a number in other units, would say 29.2 kg kg of 29.2 t.
func TestNoSentenceNamesTheUnitOfAWeight(t *testing.T) {
	t.Parallel()
	unit := regexp.MustCompile(`%(\[\d\])?[svd] ?(kg|g|公斤|千克|克|斤)\b?`)
	for _, s := range everythingSaid(t) {
		for _, text := range []string{s.english, zh[s.code]} {
			if unit.MatchString(text) {
				t.Errorf("%s: %q says %s", s.path, s.code, text)
			}
		}
	}
}

// general are the codes whose one Chinese sentence is true of every English one.
var general = map[string]bool{
	"bad_day": true, "bad_money": true, "bad_text": true, "bad_weight": true, "bad_window": true, "client_id_reused": true, "every_consignment": true,
	"not_on_board": true, "operators_only": true, "packs_miss_weight": true, "reason_needed": true, "required": true, "restricted_use": true,
	"router_away": true, "tare_above_gross": true, "too_long": true, "too_many": true, "too_much_money": true, "unknown_cause": true, "unknown_produce": true,
	"wrong_state": true, "no_way": true, "other_produce": true, "named_twice": true,
}

// Two English sentences under one code would be told apart in English alone: each has its own code, or the Chinese one suits both.
func TestNoTwoSentencesShareACode(t *testing.T) {
	t.Parallel()
	first := map[string]said{}
	for _, s := range everythingSaid(t) {
		before, known := first[s.code]
		if known && before.english != s.english && !general[s.code] {
			t.Errorf("%s: %s and %s say %s and %s; in Chinese both are %q", s.code, before.path, s.path, before.english, s.english, zh[s.code])
		}
		first[s.code] = s
	}
}

func TestSentencesAreFilledIn(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		fault *fault.Fault
		want  string
	}{
		{fault.New(fault.Conflict, "only_left", "Only %s is left.", "3 kg"), "只剩 3 kg。"},
		{fault.New(fault.Conflict, "only_left", "Nothing is known of the rest."), "Nothing is known of the rest."}, // too little to fill it in
		{fault.New(fault.Invalid, "packs_miss_weight", "%s", "5 kg"), "这么多件不可能重 5 kg。"},
		{fault.New(fault.Invalid, "packs_miss_weight", "%d %s %s %s", 2, "3 kg", "6 kg", "9 kg"), "2 件、每件 3 kg，合计 6 kg，磅秤是 9 kg，相差超过 2 %。"},
		{fault.New(fault.Invalid, "no_such_station", "%s %s", "甲", "2020-02-03"), "2020-02-03 没有叫“甲”的中转站。"},
		{fault.New(fault.NotFound, "no_such_trip", "There is no such %s.", "trip"), "没有这趟车。"}, // more is known than said
		{fault.New(fault.Invalid, "made_up_today", "In English only."), "In English only."},
	} {
		if got := sentence("zh", row.fault); got != row.want {
			t.Errorf("%s: %q, want %q", row.fault.Code, got, row.want)
		}
	}
}

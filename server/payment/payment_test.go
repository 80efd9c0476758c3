package payment_test

import (
	"slices"
	"strings"
	"testing"

	"jishi/server/payment"
)

func TestReferenceIsFoundHoweverItWasSpaced(t *testing.T) {
	t.Parallel()
	ref := payment.NewReference()
	spaced := strings.Join(strings.Split(ref, ""), " ")
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, ref)
	for _, words := range []string{ref, "货款 " + ref + " 谢谢", strings.ToLower(ref), ref[:4] + "-" + ref[4:8] + "-" + ref[8:], spaced, wide, "JS JS" + ref, "付款:" + ref + "。"} {
		if got := payment.References(words); !slices.Contains(got, ref) {
			t.Errorf("%q gives %q, want %q", words, got, ref)
		}
	}
	if got := payment.References("退款 " + ref + ", " + ref); len(got) != 1 {
		t.Errorf("one reference written twice gives %q", got)
	}
	for _, words := range []string{"", "apples", "JS", ref[:len(ref)-1], "JS000000000000"[:10], "JSJSJSJS"} {
		if got := payment.References(words); len(got) > 0 {
			t.Errorf("%q gives %q", words, got)
		}
	}
}

// A slip of one character never names another's invoice.
func TestWrongCharacterIsNoReference(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	ref := payment.NewReference()
	for i := 2; i < len(ref); i++ {
		for _, c := range alphabet {
			if byte(c) == ref[i] {
				continue
			}
			wrong := ref[:i] + string(c) + ref[i+1:]
			if got := payment.References(wrong); len(got) > 0 {
				t.Fatalf("%s, mistyped %s, is taken as %s", ref, wrong, got)
			}
		}
	}
}

func TestReferencesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		r := payment.NewReference()
		if seen[r] {
			t.Fatalf("%s twice", r)
		}
		seen[r] = true
	}
}

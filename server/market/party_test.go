package market_test

import (
	"strings"
	"testing"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/market"
	"jishi/server/store/storetest"
)

// A credit code (GB 32100-2015) is checked by its last character: a slip of one character, or two changed over, is never another enterprise's.
// The code itself is one known from memory as the usual example.
func TestACreditCodeIsChecked(t *testing.T) {
	t.Parallel()
	s := newSetup(t, storetest.SQLite(t))
	const good = "91350100M000100Y43"
	create := func(code string) error {
		_, err := s.CreateParty(s.ctx, auth.System("test"), market.PartyInput{Kind: market.Donor, Name: "Donor " + code, USCC: code, Place: market.Place{Adcode: "610322"}})
		return err
	}
	for name, code := range map[string]string{
		"one digit": "91350100M000100Y44", "one letter": "91350100N000100Y43", "two changed over": "91350100M000010Y43", "short": good[:17], "long": good + "0",
		"small letters": strings.ToLower(good), "a letter that is none of them": "91350100I000100Y43", "a formula": "=1350100M000100Y43", "Chinese": strings.Repeat("九", 6),
	} {
		if f := fault.Of(create(code)); f == nil || f.Code != "bad_uscc" || f.Field != "uscc" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if err := create(good); err != nil {
		t.Error(err)
	}
}

//go:build !race

package app

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"strings"
	"testing"
)

// A shared link shows its gift to a reader that runs no scripts; words from people can't break out of the tags; no household is named.
func TestASharedGiftShowsItself(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	need := w.post("union", "/api/demands", object{"party": w.party("union"), "produce": "苹果", "amount": object{"kind": "unknown"}}).text("id")
	gift := w.post("donor", "/api/campaigns", object{"donor": w.party("donor"), "title": `苹果"><script>alert(1)</script>`, "named_use": "给医护", "demands": []string{need}}).text("id")
	page := string(w.must(request{method: http.MethodGet, path: "/gifts/" + gift}).raw)
	for _, want := range []string{`<meta property="og:title" content="苹果&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">`, `/api/gifts/` + gift + `/card.png">`, "到账 ¥0.00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if other := string(w.must(request{method: http.MethodGet, path: "/gifts"}).raw); strings.Contains(other, "og:title") {
		t.Error("another page has a gift's tags")
	}
	card := w.must(request{method: http.MethodGet, path: "/api/gifts/" + gift + "/card.png"})
	if _, err := png.Decode(bytes.NewReader(card.raw)); err != nil {
		t.Error(err)
	}
}

// party gives the first party that somebody acts for.
func (w *town) party(login string) string {
	w.t.Helper()
	var me struct {
		Grants []struct {
			Party string `json:"party"`
		} `json:"grants"`
	}
	if err := json.Unmarshal(w.must(request{as: login, method: http.MethodGet, path: "/api/me", at: storyDay}).raw, &me); err != nil {
		w.t.Fatal(err)
	}
	return me.Grants[0].Party
}

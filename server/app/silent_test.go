//go:build !race

package app

import (
	"net/http"
	"strings"
	"testing"
)

// Who gives without being named is known to itself and to those who check the books: neither a campaign, nor the list, nor a table of
// it, nor the answers to another use tell.
func TestAnUnnamedDonorIsNotTold(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	firm := w.party("firm")
	need := w.post("union", "/api/demands", object{"party": w.party("union"), "produce": "苹果", "amount": object{"kind": "unknown"}}).text("id")
	gift := w.post("donor", "/api/campaigns", object{"donor": w.party("donor"), "title": "苹果", "named_use": "给医护", "demands": []string{need}}).text("id")
	w.post("firm", "/api/campaigns/"+gift+"/pledges", object{"donor": firm, "amount": "100 元"})
	w.post("operator", "/api/campaigns/"+gift+"/use-change", object{"named_use": "给病人", "reason": "医护够了"})
	w.post("firm", "/api/campaigns/"+gift+"/use-change/answer", object{"yes": true})
	for _, as := range []string{"", "donor", "union"} {
		for _, path := range []string{"/api/campaigns/" + gift, "/api/campaigns", "/api/campaigns.csv", "/api/gifts/" + gift} {
			a := w.must(request{as: as, method: http.MethodGet, path: path, at: storyDay})
			if strings.Contains(string(a.raw), firm) {
				t.Errorf("%s tells %q who gave: %s", path, as, a.raw)
			}
		}
	}
	for _, as := range []string{"firm", "auditor"} {
		if a := w.must(request{as: as, method: http.MethodGet, path: "/api/campaigns/" + gift, at: storyDay}); !strings.Contains(string(a.raw), firm) {
			t.Errorf("%s does not see the donor: %s", as, a.raw)
		}
	}
	a := w.must(request{method: http.MethodGet, path: "/api/campaigns/" + gift})
	if a.json["donor_count"] != 2.0 || !strings.Contains(string(a.raw), `"said_yes":1`) {
		t.Errorf("the counts are missing: %s", a.raw)
	}
}

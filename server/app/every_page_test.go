//go:build !race

package app

import (
	"net/http"
	"testing"
)

// It makes a hundred of everything, which took a quarter of an hour under the race detector. TestListsGiveEveryPage walks lists of more than a page: each thing once, in order, in the file too, and none for whom they don't concern.
func TestListsGiveEveryPage(t *testing.T) {
	onBothEngines(t, func(t *testing.T, w *town) {
		shared := w.fillLists()
		for _, l := range []list{
			{path: "/api/quotations?role=buyer", sees: []string{"firm"}, nothing: []string{"liulin", "donor", "haulier"}},
			{path: "/api/quotations?role=seller", sees: []string{"liulin"}, nothing: []string{"firm", "biaojiao"}},
			{path: "/api/quotations", sees: []string{"firm", "liulin", "operator", "auditor"}, nothing: []string{"donor", "biaojiao", "haulier"}},
			{path: "/api/standing-orders?role=buyer", sees: []string{"firm"}, nothing: []string{"liulin", "donor", "haulier"}},
			{path: "/api/standing-orders?role=seller", sees: []string{"liulin"}, nothing: []string{"firm", "biaojiao"}},
			{path: "/api/standing-orders", sees: []string{"firm", "liulin", "operator", "auditor"}, nothing: []string{"donor", "biaojiao", "haulier"}},
			{path: "/api/payout-runs", sees: []string{"finance", "auditor"}, refuses: []string{"firm", "liulin", "operator"}},
			{path: "/api/payouts?party=" + partyID("firm"), sees: []string{"firm", "finance", "auditor"}, refuses: []string{"liulin", "donor"}},
			{path: "/api/statements", sees: []string{"finance", "auditor"}, refuses: []string{"firm", "liulin", "operator"}},
			{path: "/api/bank-lines?state=unmatched", sees: []string{"finance", "auditor"}, refuses: []string{"firm", "operator"}, reversed: true},
			{path: "/api/orders/to-settle", sees: []string{"finance", "auditor"}, refuses: []string{"firm", "liulin", "operator"}, reversed: true},
			{path: "/api/demands/" + shared + "/shares", sees: []string{"zhongnan", "operator", "auditor"}, refuses: []string{"union", "firm", "liulin"}},
			{path: "/api/demands?open=true&party=" + partyID("union"), sees: []string{"union", "firm", "haulier"}},
		} {
			for _, as := range l.sees {
				w.walkList(l, as)
			}
			for _, as := range l.nothing {
				if got := w.must(request{as: as, method: http.MethodGet, path: l.path, at: storyDay}).list(); len(got) != 0 {
					t.Errorf("%s sees %d of %s", as, len(got), l.path)
				}
			}
			for _, as := range l.refuses {
				for _, path := range []string{l.path, asFile(l.path)} {
					if a, err := w.send(t.Context(), request{as: as, method: http.MethodGet, path: path, at: storyDay}); err != nil || a.status != http.StatusForbidden && a.status != http.StatusNotFound {
						t.Errorf("%s reads %s: %v %d", as, path, err, a.status)
					}
				}
			}
		}
	})
}

package app

import (
	"encoding/json"
	"net/http"
	"regexp"
	"testing"
)

// sourcesIn are the sources that an answer names, at any depth.
func sourcesIn(v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			out = append(out, sourcesIn(each)...)
		}
	case map[string]any:
		for key, each := range v {
			switch text, is := each.(string); {
			case key != "source":
				out = append(out, sourcesIn(each)...)
			case is && text != "":
				out = append(out, text)
			case !is: // a source with its mark
				text, _ = each.(map[string]any)["text"].(string)
				out = append(out, text)
			}
		}
	}
	return out
}

// Wherever a figure or a rule says where it is from, a Chinese reader reads it in Chinese and an English one in English.
func TestSourcesAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	w := newTown(t, "")
	english, chinese := regexp.MustCompile(`[a-z]{3,}[ ,;]+[a-z]{2,}`), regexp.MustCompile(`凭记忆|未核对|假定|测试用|保存期|报价`)
	plan := w.promiseTruck("陕C·S0001", object{}, map[string]string{"firm": "3吨"}).plan
	reserve := w.must(request{as: "canteen", method: http.MethodPut, path: "/api/parties/" + partyID("canteen") + "/reserved-share", body: object{"year": 2020, "budget": "120000元", "share_per_mille": 100}, at: storyDay})
	listed := w.post("taibai", "/api/listings", object{"party": partyID("taibai"), "line": "小白菜 500斤 0.4元/斤", "harvested_on": "2020-02-01", "place": object{"adcode": "610331"}})
	offer, _ := listed.json["offer"].(object)
	order := w.post("firm", "/api/orders", object{"buyer": partyID("firm"), "lines": []object{{"offer": offer["id"], "version": onSale, "weight": "100斤"}}}).text("id")
	for _, c := range []struct{ as, path string }{
		{"firm", "/api/prices?produce=bok-choy"},
		{"dispatcher", "/api/truck-types"},
		{"dispatcher", "/api/plans/" + plan},
		{"taibai", "/api/lots/" + offer["lot"].(string)},
		{"canteen", "/api/parties/" + reserve.text("party") + "/reserved-share?year=2020"},
		{"operator", "/api/price-cases?state=open"},
		{"firm", "/api/orders/" + order},
		{"firm", "/api/orders/" + order + "/haulage-estimate"},
	} {
		for lang, wrong := range map[string]*regexp.Regexp{"zh-CN": english, "en": chinese} {
			var v any
			if err := json.Unmarshal(w.must(request{as: c.as, method: http.MethodGet, path: c.path, at: storyDay, head: map[string]string{"Accept-Language": lang}}).raw, &v); err != nil {
				t.Fatal(err)
			}
			all := sourcesIn(v)
			if len(all) == 0 {
				t.Errorf("%s names no source", c.path)
			}
			for _, text := range all {
				if text == "" || wrong.MatchString(text) {
					t.Errorf("%s in %s is from %q", c.path, lang, text)
				}
			}
		}
	}
}

package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// shape is what the interface's document says of a value.
type shape struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"` // a word, or several
	Enum       []any             `json:"enum"`
	Properties map[string]*shape `json:"properties"`
	Items      *shape            `json:"items"`
	Minimum    float64           `json:"minimum"`
}

// document is the interface as it describes itself.
type document struct {
	Paths map[string]map[string]struct {
		Body struct {
			Content map[string]struct {
				Schema *shape `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]*shape `json:"schemas"`
	} `json:"components"`
}

// sampler makes bodies that are near to what somebody would send: right fields and types, and ids of things that are there. What it knows no
// text for is left out.
type sampler struct {
	doc   document
	known map[string]string // by the name of a field
}

func (s sampler) of(name string, sh *shape, depth int) any {
	if sh.Ref != "" {
		sh = s.doc.Components.Schemas[sh.Ref[strings.LastIndex(sh.Ref, "/")+1:]]
	}
	kind := fmt.Sprint(sh.Type)
	switch {
	case len(sh.Enum) > 0:
		return sh.Enum[0]
	case strings.Contains(kind, "object"):
		out := object{}
		for key, inner := range sh.Properties {
			if key != "$schema" && depth < 5 {
				out[key] = s.of(key, inner, depth+1)
			}
		}
		return out
	case strings.Contains(kind, "array"):
		return []any{s.of(strings.TrimSuffix(name, "s"), sh.Items, depth+1)}
	case strings.Contains(kind, "integer"), strings.Contains(kind, "number"):
		if n, err := strconv.Atoi(s.known[name]); err == nil {
			return n
		}
		return max(1, int(sh.Minimum))
	case strings.Contains(kind, "boolean"):
		return true
	}
	if text, ok := s.known[name]; ok {
		return text
	}
	return leftOut{}
}

// leftOut stands for a field that is not sent.
type leftOut struct{}

func isLeftOut(v any) bool { _, ok := v.(leftOut); return ok }

// sendable is a body without what is left out.
func sendable(body any) any {
	switch b := body.(type) {
	case object:
		out := object{}
		for key, v := range b {
			if v = sendable(v); !isLeftOut(v) {
				out[key] = v
			}
		}
		return out
	case []any:
		out := []any{}
		for _, v := range b {
			if v = sendable(v); !isLeftOut(v) {
				out = append(out, v)
			}
		}
		return out
	}
	return body
}

// nonsense is what stands in the place of one value.
var nonsense = []any{
	nil, "", "x", "\x00", "=cmd|' /C calc'!A0", "-1吨", "0公斤", "1.000公斤", "99999999999999999999吨", "-1元", "0元", "0.001元", "1e400", "2020-02-30", "9999-12-31T23:59:59Z",
	"00000000000000000000000000", strings.Repeat("字", 3000), -1, 0, json.Number("9223372036854775807"), json.Number("-9223372036854775808"), json.Number("1e300"), json.Number("0.5"),
	true, []any{}, []any{nil}, object{}, object{"x": object{}},
}

// variants gives a body once for each value in it, with another in its place.
func variants(body any, with any) []any {
	switch b := body.(type) {
	case object:
		var out []any
		for _, key := range slices.Sorted(maps.Keys(b)) {
			for _, inner := range append(variants(b[key], with), with) {
				changed := maps.Clone(b)
				changed[key] = inner
				out = append(out, changed)
			}
		}
		return out
	case []any:
		var out []any
		for i := range b {
			for _, inner := range append(variants(b[i], with), with) {
				changed := slices.Clone(b)
				changed[i] = inner
				out = append(out, changed)
			}
		}
		return out
	}
	return nil
}

// ends puts the acts that end a thing behind the others, which need it.
func ends(path string) int {
	if slices.Contains([]string{"cancel", "fail", "withdraw", "decline", "close", "refuse-more", "stop", "refuse-part", "due", "settle"}, path[strings.LastIndex(path, "/")+1:]) {
		return 1
	}
	return 0
}

// TestNoNonsenseIsAFailureOfOurs sends to each address of the interface what it asks for with one value after another replaced by nonsense, as
// everybody who might. Whatever it answers, it is an answer, or a problem with a sentence that is the sender's: never a failure of the server.
func TestNoNonsenseIsAFailureOfOurs(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := openapi(t.Context(), nil, Streams{Out: &text}, os.Getenv); err != nil {
		t.Fatal(err)
	}
	s := sampler{known: map[string]string{}}
	if err := json.Unmarshal(text.Bytes(), &s.doc); err != nil {
		t.Fatal(err)
	}
	w := newTown(t, "")
	offer, need := w.box(1000), w.need("union", "苹果", "6吨")
	gift := w.post("donor", "/api/campaigns", object{"donor": partyID("donor"), "title": "好的", "named_use": "给医护", "demands": []string{need}, "goal_weight": "6吨"}).text("id")
	order := w.orderOf(offer, gift, need, "6公斤", "good")
	ids := map[string]string{"orders": order, "offers": offer, "demands": need, "campaigns": gift}
	maps.Copy(s.known, map[string]string{
		"offer": offer, "demand": need, "campaign": gift, "order": order, "weight": "6公斤", "grams": "6公斤", "price": "6元/公斤", "produce": "苹果", "adcode": "610322", "reason": "试",
		"amount": "1元", "at": "2020-02-01T08:00:00+08:00", "paid_at": "2020-02-01T08:00:00+08:00", "until": "2020-02-03T08:00:00+08:00",
		"version": strconv.Itoa(onSale), "month": "2020-01", "harvested_on": "2020-01-20", "title": "好的", "named_use": "给医护", "name": "好的", "reference": "JS0000000000", "client_id": "c",
		"goal_weight": "6吨", "granted": "1公斤", "ward": "一病区", "how": "电话", "note": "单", "line": "苹果 5吨", "number": "62220000", "evidence": "录音", "bank": "中国银行", "holder": "甲(演示)", "login": "liulin",
		"payer": partyID("donor"), "proof": "B-1", "url": "https://example.org/hook", "received": "1公斤", "gross": "6公斤", "net": "6公斤", "accepted": "1公斤", "limit": "1元", "plate": "陕C12345",
		"photo": "p", "consignment": "c", "household": partyID("h1"), "principal": partyID("liulin"), "agent": "town", "acts": "lots", "day": "2020-02-02", "vehicle": "x", "driver": "x", "sensor": "x", "inspector": "x", "officer": "x", "capacity": "x", "load": "x", "option": "a", "report": "x", "why": "雪",
		"tare": "0.5公斤", "budget": "10000元", "per_order": "1000元", "party_kind": "coop", "taken_at": "2020-02-01T08:00:00+08:00",
	})
	sent := 0
	paths := slices.Sorted(maps.Keys(s.doc.Paths))
	slices.SortStableFunc(paths, func(a, b string) int { return cmp.Compare(ends(a), ends(b)) })
	for _, path := range paths {
		for method, act := range s.doc.Paths[path] {
			if method == "get" || path == "/session" {
				continue
			}
			area, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
			id := ids[area]
			if id == "" {
				id = strings.Repeat("0", 26)
			}
			url := "/api" + strings.NewReplacer("{id}", id, "{stop}", "0", "{event}", id, "{handout}", id).Replace(path)
			for _, who := range []string{"liulin", "donor", "union", "operator", "finance", "dispatcher", "driver1"} {
				party := partyID(who)
				if !slices.Contains([]string{"liulin", "donor", "union"}, who) { // of no party of its own: it may act for any
					party = partyID("liulin")
				}
				for _, key := range []string{"party", "donor", "buyer", "seller", "coop", "owner", "shipper", "carrier"} {
					s.known[key] = party
				}
				var bodies []any
				if in, ok := act.Body.Content["application/json"]; ok {
					whole := s.of("", in.Schema, 0)
					for i, with := range nonsense {
						if i%7 != sent%7 && who != "operator" { // everybody sends some, one sends all
							continue
						}
						bodies = append(append(bodies, variants(whole, with)...), with)
					}
				} else {
					bodies = []any{nil}
				}
				for i, body := range bodies {
					if underRace && i%20 > 0 {
						continue
					}
					sent++
					a, err := w.send(t.Context(), request{as: who, method: strings.ToUpper(method), path: url, body: sendable(body), at: storyDay})
					if err != nil {
						t.Fatal(err)
					}
					if a.status >= http.StatusInternalServerError || !a.ok() && (a.text("detail") == "" || a.text("type") == "") {
						said, _ := json.Marshal(sendable(body))
						t.Errorf("%s %s as %s: %d %.200s\n%.600s", method, url, who, a.status, a.raw, said)
					}
				}
			}
		}
	}
	if sent < 10_000 && !underRace {
		t.Errorf("only %d requests: the document is not read as it is written", sent)
	}
	checkInvariants(t, w.site)
}

package dispatch

import (
	"encoding/json"
	"strings"
	"testing"

	"jishi/server/dispatch/pdptw"
	"jishi/server/dispatch/wording"
)

// A plan that was kept before sentences had codes is shown with the sentences it has.
func TestOldPlanIsStillReadable(t *testing.T) {
	t.Parallel()
	const old = `{"options":[{"id":"a","summary":"1 × 6.8 m: 苹果","lines":[{"kind":"toll","fen":0,"text":"free"}],
		"warnings":[{"code":"odour","text":"smells"}],"trips":[{"hints":[{"code":"x","text":"more"}]}],"unserved":[{"rule":"cube","text":"full"}]}],
		"refused":[{"plate":"A","text":"no pass"}],"left_out":[],"ranking":[{"option":"a","texts":["First."]}],"notes":null}`
	var a Answer
	if err := json.Unmarshal([]byte(old), &a); err != nil {
		t.Fatal(err)
	}
	a = a.In(wording.Chinese)
	o := a.Options[0]
	for got, want := range map[string]string{o.Summary: "1 × 6.8 m: 苹果", o.Lines[0].Text: "free", o.Warnings[0].Text: "smells",
		o.Trips[0].Hints[0].Text: "more", o.Unserved[0].Text: "full", a.Refused[0].Text: "no pass", a.Ranking[0].Texts[0]: "First."} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Wording an answer leaves the kept one as it is: no sentence gets into the store.
func TestWordingLeavesThePlanAlone(t *testing.T) {
	t.Parallel()
	kept := Answer{LeftOut: []LeftOut{{Said: wording.Just("window_over"), Hints: []Hint{{Said: wording.Just("cold_truck")}}}}}
	said := kept.In(wording.Chinese)
	if said.LeftOut[0].Text != "收货方要求的时间已过。" || said.LeftOut[0].Hints[0].Text != "来一辆冷藏车就行。" {
		t.Errorf("said %+v", said)
	}
	if kept.LeftOut[0].Text != "" || kept.LeftOut[0].Hints[0].Text != "" {
		t.Errorf("the plan was changed: %+v", kept)
	}
}

// Every code that fills a gap as a word is worded, too.
func TestCodesWithinSentencesAreWorded(t *testing.T) {
	t.Parallel()
	codes := []string{"freight", "approach", "minimum", "toll", "waiting", "quarantine",
		"emergency_pass", "toll_free_days", "empty_return", "worker_coach", "green_channel",
		"router_away", "router_slow", "router_refused", "router_bad_answer", "off_map"}
	for kind := range paperKinds {
		codes = append(codes, string(kind))
	}
	for level := range riskOrder {
		codes = append(codes, string(level))
	}
	for _, r := range []pdptw.ReasonRule{pdptw.ReasonCapacity, pdptw.ReasonSkill, pdptw.ReasonBarred, pdptw.ReasonOnly, pdptw.ReasonUnreachable,
		pdptw.ReasonWindow, pdptw.ReasonShift, pdptw.ReasonDuration, pdptw.ReasonDistance, pdptw.ReasonStops, pdptw.ReasonRules, pdptw.ReasonNoRoom,
		pdptw.ReasonPrize, pdptw.ReasonFrozen, pdptw.ReasonNotNeeded, pdptw.ReasonFewer, pdptw.ReasonNothing, pdptw.ReasonEnd} {
		codes = append(codes, string(r))
	}
	for _, code := range codes {
		if zh := wording.Coded(code).In(wording.Chinese); zh == code || strings.TrimSpace(zh) == "" {
			t.Errorf("%q has no Chinese word", code)
		}
	}
}

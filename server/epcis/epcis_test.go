package epcis

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/server/market"
	"jishi/server/measure"
)

// trace is truck 2 of the story: 4,000 kg planned, 3,997 loaded, 3,985 in, 7 of them bruised. The driver's phone was offline: we heard
// of the loading after the departure.
var trace = LotTrace{
	Lot: market.Lot{ID: "lot", Produce: "apple", Grade: "富士80", Weighed: 10_032_000, HarvestedOn: "2019-10-20", Certificate: "c",
		Place: market.Place{Adcode: "610322"}, CreatedAt: 1_580_540_400_000}, // 2020-02-01 15:00 in China
	Parents: []market.Part{{Lot: "a", Grams: 3_000_000}, {Lot: "b", Grams: 7_032_000}},
	Hauls: []Haul{{Consignment: "c2", Order: "o", Trip: "t2", Seller: "liulin", Receiver: "zhongnan", From: "610322", To: "420106",
		Loaded: 3_997_000, Received: 3_985_000, Rejected: 7_000,
		LoadedAt: Instant{1_580_709_600_000, 1_580_716_900_000}, DepartedAt: Instant{1_580_716_800_000, 1_580_716_800_000}, ReceivedAt: Instant{1_580_803_200_000, 1_580_803_300_000}}},
}

func TestLotDocument(t *testing.T) {
	t.Parallel()
	doc := trace.Document(1_580_900_000_000)
	var steps []string
	for _, e := range doc.Body.EventList {
		steps = append(steps, e.Type+" "+e.BizStep+" "+e.EventTime)
	}
	want := []string{
		"TransformationEvent commissioning 2020-02-01T15:00:00.000+08:00", "AggregationEvent packing 2020-02-03T14:00:00.000+08:00",
		"AggregationEvent loading 2020-02-03T14:00:00.000+08:00", "ObjectEvent departing 2020-02-03T16:00:00.000+08:00",
		"ObjectEvent receiving 2020-02-04T16:00:00.000+08:00", "ObjectEvent inspecting 2020-02-04T16:00:00.000+08:00",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("got %s", strings.Join(steps, "\n"))
	}
	e := doc.Body.EventList[4]
	if e.QuantityList[0] != (Quantity{"urn:jishi:class:lot:lot", 3985, "KGM"}) || e.RecordTime != "2020-02-04T16:01:40.000+08:00" || e.BizLocation.ID != "urn:jishi:loc:420106" {
		t.Errorf("%+v", e)
	}
	for _, wrong := range check(t, doc) {
		t.Error(wrong)
	}
	if file := os.Getenv("JISHI_EPCIS_OUT"); file != "" { // to be validated by GS1's own schema, which its terms don't let us carry
		text, err := json.MarshalIndent(doc, "", "  ")
		if err != nil || os.WriteFile(file, text, 0o600) != nil {
			t.Fatal(err)
		}
	}
}

func TestTheRulesSeeWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(e *Event){
		"no offset":              func(e *Event) { e.EventTime = "2020-02-01T15:00:00Z" },
		"other offset":           func(e *Event) { e.Offset = "+00:00" },
		"unknown step":           func(e *Event) { e.BizStep = "cooking" },
		"unknown disposition":    func(e *Event) { e.Disposition = "eaten" },
		"an action too many":     func(e *Event) { e.Action = "ADD" },
		"nothing comes out":      func(e *Event) { e.Outputs = nil },
		"no URI":                 func(e *Event) { e.EventID = "event 1" },
		"less than nothing":      func(e *Event) { e.Inputs[0].Quantity = -1 },
		"a unit of our own":      func(e *Event) { e.Inputs[0].UOM = "jin" },
		"heard before it was so": func(e *Event) { e.RecordTime = "2020-01-01T00:00:00.000+08:00" },
	} {
		doc := trace.Document(1_580_900_000_000)
		spoil(&doc.Body.EventList[0])
		if len(check(t, doc)) == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
}

// The rules below are written from the standard: EPCIS 2.0 section 7.4 (which fields an event of each kind must and may have), 7.4.1
// (eventTime with an offset, eventTimeZoneOffset), CBV 2.0 sections 7.1 and 7.2 (business steps and dispositions that we use), UN/ECE
// Recommendation 20 for the unit.
var (
	instant      = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$`)
	uri          = regexp.MustCompile(`^urn:jishi:(class|obj|loc|bt):[^\s:]+(:[^\s:]+)*$`)
	steps        = []string{"commissioning", "packing", "loading", "departing", "receiving", "inspecting"}
	dispositions = []string{"active", "in_progress", "in_transit", "non_conformant"}
	must         = map[string][]string{
		"ObjectEvent":         {"action"},
		"AggregationEvent":    {"action", "parentID"},
		"TransformationEvent": {"outputQuantityList", "inputQuantityList"},
	}
	oneOf = map[string][]string{
		"ObjectEvent":      {"epcList", "quantityList"},
		"AggregationEvent": {"childEPCs", "childQuantityList"},
	}
	common = []string{"eventID", "type", "eventTime", "recordTime", "eventTimeZoneOffset", "bizStep", "disposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList", "destinationList"}
	may    = map[string][]string{
		"ObjectEvent":         {"action", "epcList", "quantityList", "ilmd"},
		"AggregationEvent":    {"action", "parentID", "childEPCs", "childQuantityList"},
		"TransformationEvent": {"inputQuantityList", "outputQuantityList", "ilmd"},
	}
)

// check gives what breaks a rule.
func check(t *testing.T, doc Document) (wrong []string) {
	t.Helper()
	var last measure.Millis
	for _, e := range doc.Body.EventList {
		if e.at < last {
			wrong = append(wrong, e.EventID+" stands behind a later one")
		}
		last = e.at
		for _, w := range checkEvent(t, e) {
			wrong = append(wrong, e.EventID+": "+w)
		}
	}
	return wrong
}

func checkEvent(t *testing.T, e Event) (wrong []string) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err = json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if !slices.Contains(common, name) && !slices.Contains(may[e.Type], name) {
			wrong = append(wrong, e.Type+" has no "+name)
		}
	}
	for _, name := range must[e.Type] {
		if fields[name] == nil {
			wrong = append(wrong, e.Type+" lacks "+name)
		}
	}
	if list := oneOf[e.Type]; list != nil && fields[list[0]] == nil && fields[list[1]] == nil {
		wrong = append(wrong, e.Type+" is about nothing")
	}
	if !instant.MatchString(e.EventTime) || !instant.MatchString(e.RecordTime) || !strings.HasSuffix(e.EventTime, e.Offset) || e.RecordTime < e.EventTime {
		wrong = append(wrong, fmt.Sprintf("times %s, %s, %s", e.EventTime, e.RecordTime, e.Offset))
	}
	if !slices.Contains(steps, e.BizStep) || !slices.Contains(dispositions, e.Disposition) || !uri.MatchString(e.EventID) {
		wrong = append(wrong, fmt.Sprintf("%s, %s, %s", e.BizStep, e.Disposition, e.EventID))
	}
	for _, q := range slices.Concat(e.QuantityList, e.ChildQuantities, e.Inputs, e.Outputs) {
		if q.Quantity <= 0 || q.UOM != "KGM" || !uri.MatchString(q.Class) {
			wrong = append(wrong, fmt.Sprintf("%+v", q))
		}
	}
	return wrong
}

// Package epcis tells what happened to a lot as events of EPCIS 2.0 (GS1, ISO/IEC 19987:2024) in JSON-LD, for other systems to read.
//
// Nothing here needs a GS1 prefix: lots, consignments, places and orders are named by URNs of our own, formed as the Core Business
// Vocabulary 2.0 has it for private identifiers (section 8: urn:URNNamespace:...:obj:..., :class:..., :loc:..., :bt:...).
package epcis

import (
	"time"

	"jishi/server/measure"
)

// Context is the JSON-LD context of a document: the standard's, then the words of our own.
var Context = []any{"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", map[string]string{"jishi": "urn:jishi:vocabulary:"}}

// Document is an EPCIS document with its events in the order in which they happened.
type Document struct {
	Context       []any  `json:"@context"`
	ID            string `json:"id"`
	Type          string `json:"type"`
	SchemaVersion string `json:"schemaVersion"`
	CreationDate  string `json:"creationDate"`
	Body          Body   `json:"epcisBody"`
}

// Body holds the events.
type Body struct {
	EventList []Event `json:"eventList"`
}

// Event is one event. Which fields it has depends on its type: ObjectEvent, AggregationEvent or TransformationEvent.
type Event struct {
	EventID         string            `json:"eventID"`
	Type            string            `json:"type"`
	Action          string            `json:"action,omitempty"` // ADD, OBSERVE or DELETE; none for a transformation
	EventTime       string            `json:"eventTime"`        // when it happened, with the offset of the place
	RecordTime      string            `json:"recordTime,omitempty"`
	Offset          string            `json:"eventTimeZoneOffset"`
	BizStep         string            `json:"bizStep"`
	Disposition     string            `json:"disposition,omitempty"`
	EPCList         []string          `json:"epcList,omitempty"`
	QuantityList    []Quantity        `json:"quantityList,omitempty"`
	ParentID        string            `json:"parentID,omitempty"`
	ChildEPCs       []string          `json:"childEPCs,omitempty"`
	ChildQuantities []Quantity        `json:"childQuantityList,omitempty"`
	Inputs          []Quantity        `json:"inputQuantityList,omitempty"`
	Outputs         []Quantity        `json:"outputQuantityList,omitempty"`
	ReadPoint       *ID               `json:"readPoint,omitempty"`
	BizLocation     *ID               `json:"bizLocation,omitempty"`
	BizTransactions []BizTransaction  `json:"bizTransactionList,omitempty"`
	Sources         []Source          `json:"sourceList,omitempty"`
	Destinations    []Destination     `json:"destinationList,omitempty"`
	ILMD            map[string]string `json:"ilmd,omitempty"`
	at              measure.Millis
}

// ID is a reference to a place.
type ID struct {
	ID string `json:"id"`
}

// Quantity is so much of a class of goods; kilograms are KGM in UN/ECE Recommendation 20.
type Quantity struct {
	Class    string  `json:"epcClass"`
	Quantity float64 `json:"quantity"`
	UOM      string  `json:"uom"`
}

// BizTransaction names the order behind an event.
type BizTransaction struct {
	Type           string `json:"type"`
	BizTransaction string `json:"bizTransaction"`
}

// Source is who had the goods before.
type Source struct {
	Type   string `json:"type"`
	Source string `json:"source"`
}

// Destination is who has them then.
type Destination struct {
	Type        string `json:"type"`
	Destination string `json:"destination"`
}

// china is the zone of every place of the market: +08:00 without summer time since 1992.
var china = time.FixedZone("+08:00", 8*3600)

// moment writes an instant as ISO 8601 with milliseconds and the offset of the place.
func moment(at measure.Millis) string {
	return time.UnixMilli(int64(at)).In(china).Format("2006-01-02T15:04:05.000-07:00")
}

// kg is a quantity of a lot. A float is what the standard has for it; grams are thousandths and so come out as written.
func kg(lot string, g measure.Grams) Quantity {
	return Quantity{LotURN(lot), float64(g) / 1000, "KGM"}
}

// LotURN names a lot as a class of goods.
func LotURN(id string) string { return "urn:jishi:class:lot:" + id }

// ConsignmentURN names what one trip carries of a lot.
func ConsignmentURN(id string) string { return "urn:jishi:obj:consignment:" + id }

// TripURN names a trip as what consignments are loaded into.
func TripURN(id string) string { return "urn:jishi:obj:trip:" + id }

// PlaceURN names a county by its code.
func PlaceURN(adcode string) string { return "urn:jishi:loc:" + adcode }

// PartyURN names a party.
func PartyURN(id string) string { return "urn:jishi:obj:party:" + id }

// OrderURN names an order.
func OrderURN(id string) string { return "urn:jishi:bt:order:" + id }

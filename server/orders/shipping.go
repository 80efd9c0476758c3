package orders

import (
	"jishi/server/measure"
)

// Stop is where goods are picked up or handed over.
type Stop struct {
	Name   string        `json:"name"`
	Adcode string        `json:"adcode"`
	Point  measure.Point `json:"point"` // WGS-84; both zero: unknown, then the county's point serves
}

// ToShip is one allocation that still has goods to be hauled: a part of one order line for one demand.
type ToShip struct {
	Allocation, Order, Line, Lot, Offer string
	Campaign                            string // "" for a plain sale
	Demand                              string
	Seller, Receiver                    string // parties
	Produce, Grade, Packing             string
	Grams                               measure.Grams // allocated and not yet taken by a consignment
	PackGrams                           measure.Grams // net weight of one pack
	Packed                              bool          // in boxes, bags or bundles; false: loose
	From, To                            Stop
	Ready                               measure.Window // when the seller hands out the goods; a zero To is open
	Unload                              measure.Window // the day span in which the receiver wants them; a zero To is open
	UnloadFrom, UnloadTo                int            // minutes of the day between which the receiver unloads; both 0: any time
	NoForklift                          bool           // the receiver unloads by hand
	Storage                             string         // what the receiver can keep the goods in: "", "dry", "cool", "cold"
}

// Taking puts a part of an allocation on a trip.
type Taking struct {
	Allocation  string
	Consignment string // the dispatcher's id, new for each taking
	Grams       measure.Grams
	At          measure.Millis
}

// Loading is the weighing at the ramp.
type Loading struct {
	ClientID    string // of the driver's or packer's device; the same one again has no second effect
	Consignment string
	Allocation  string
	Lot         string        // where an excess over the planned grams comes from
	Grams       measure.Grams // net, as weighed
	At          measure.Millis
}

// LossCause says where goods went that were loaded and not received.
type LossCause string

// The causes of a loss on the road.
const (
	Moisture LossCause = "moisture" // dried out; a little is nobody's fault
	Rot      LossCause = "rot"      // spoilt and thrown away
	Missing  LossCause = "missing"  // not there, no reason known
	Theft    LossCause = "theft"    // reported stolen
)

// LossCauses lists the causes in the order in which they are shown.
var LossCauses = []LossCause{Moisture, Rot, Missing, Theft}

// Receipt is the proof of delivery of one consignment.
type Receipt struct {
	ClientID     string // of the receiver's or driver's device; the same one again has no second effect
	Consignment  string
	Received     measure.Grams // weighed in, rejected goods included
	Rejected     measure.Grams // refused out of Received
	RejectReason string        // needed when Rejected > 0
	Returned     measure.Grams // came back to the seller without reaching the receiver
	Lost         map[LossCause]measure.Grams
	Breach       bool // the cold chain was broken: silence is then no acceptance
	At           measure.Millis
}

// Haulage pays a carrier for a trip.
type Haulage struct {
	ClientID string         `json:"client_id"` // of the settlement of the trip; the same one again has no second effect
	Campaign string         `json:"campaign"`  // its fund pays; "": the order's escrow does
	Order    string         `json:"order"`
	Load     string         `json:"load"`    // a haulage need that is no order: its own escrow pays
	Carrier  string         `json:"carrier"` // party
	Trip     string         `json:"trip"`
	Fen      measure.Fen    `json:"fen"`
	Given    bool           `json:"given"` // by the carrier: its value is written down, nobody pays
	At       measure.Millis `json:"at"`
}

// ConsignNumbers are one consignment's grams as the ledger has them.
type ConsignNumbers struct {
	Allocated measure.Grams               `json:"allocated_grams"` // to be loaded
	Loaded    measure.Grams               `json:"loaded_grams"`    // ever weighed onto the truck
	OnTruck   measure.Grams               `json:"on_truck_grams"`
	Received  measure.Grams               `json:"received_grams"` // weighed in: accepted + rejected
	Accepted  measure.Grams               `json:"accepted_grams"`
	HandedOut measure.Grams               `json:"handed_out_grams"` // of the accepted: to wards
	Rejected  measure.Grams               `json:"rejected_grams"`
	Lost      map[LossCause]measure.Grams `json:"lost_grams"`
	Returned  measure.Grams               `json:"returned_grams"`
}

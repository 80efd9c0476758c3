package notices

import (
	"jishi/server/auth"
	"jishi/server/measure"
)

// Kind says what a notice tells.
type Kind string

// The kinds of notice.
const (
	OfferFits   Kind = "offer_fits"   // to who needs: this offer fits your need
	DemandFits  Kind = "demand_fits"  // to who sells: this need fits your offer
	SearchFinds Kind = "search_finds" // to a user: a saved search finds this
)

// Body is what a notice shows of the thing found, as it was then.
type Body struct {
	About   string `json:"about"` // own listing's title, or the name of the saved search
	Title   string `json:"title"` // of what was found
	Party   string `json:"party"` // who lists it
	Place   string `json:"place"`
	Adcode  string `json:"adcode"`
	Grams   int64  `json:"grams"`
	PriceE4 int64  `json:"price_e4"`          // 1/10,000 yuan per kg where it lies; -1 none named
	DoorE4  int64  `json:"door_e4,omitempty"` // the same at the door of who needs it, 0: not known
	Metres  int64  `json:"metres,omitempty"`  // of road between the two
}

// Notice is one thing told to one recipient. The same is told once: kind, About and Found are its key.
type Notice struct {
	ID        string
	Recipient string // Party(id) or User(id)
	Kind      Kind
	About     string // "demand/<id>", "offer/<id>" of the recipient, or "search/<id>"
	Found     string // "offer/<id>", "demand/<id>", "capacity/<id>", "campaign/<id>"
	Body      Body
	CreatedAt measure.Millis
	Read      bool // by the user who asks
}

// Page says which notices of a list are asked for.
type Page struct {
	After  string // the last id of the page before, or ""
	Unread bool   // only what the reader has not read
	Limit  int
}

// Party addresses everybody who acts for a party.
func Party(id string) string { return "party/" + id }

// User addresses one user.
func User(id string) string { return "user/" + id }

// mailboxes are the recipients that an actor reads for.
func mailboxes(by auth.Actor) []string {
	out := []string{User(by.User)}
	for _, p := range by.Parties() {
		out = append(out, Party(p))
	}
	return out
}

package dispatch

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/payment"
	"jishi/server/store"
)

// PostedLoad is a haulage need (货源) that is no order of the market: farm inputs for the way back, people in coaches, a
// farm's own goods.
type PostedLoad struct {
	ID        string         `json:"id"`
	Shipper   string         `json:"shipper"` // party that pays
	Load      Load           `json:"load"`    // as posted
	Left      Load           `json:"left"`    // without what trips hold
	Withdrawn bool           `json:"withdrawn"`
	Reference string         `json:"reference"` // what a transfer for its haulage quotes
	CreatedAt measure.Millis `json:"created_at"`
}

// PostedInput is what a shipper types in.
type PostedInput struct {
	ID         string
	Shipper    string
	Receiver   string // party, "" for the shipper
	Produce    string // "" for people
	Grams      measure.Grams
	Packed     bool
	Packing    string
	Pack       measure.Grams
	People     int
	From, To   orders.Stop
	Ready      measure.Window
	Unload     measure.Window
	UnloadFrom int // minutes of the day
	UnloadTo   int
	NoForklift bool
	Cold       *Band
}

// maxPeople bounds one group: more than a county sends on one day.
const maxPeople = 10_000

func (in PostedInput) check(now measure.Millis) error {
	switch {
	case in.People < 0 || in.People > maxPeople:
		return fault.At("people", "bad_people", "A group has between 1 and %d people.", maxPeople)
	case in.People > 0 && (in.Grams != 0 || in.Produce != ""):
		return fault.At("people", "people_or_goods", "People and goods don't ride together: post them apart.")
	case in.People == 0 && (in.Grams <= 0 || in.Grams > 1000*measure.Tonne):
		return market.BadWeight("weight")
	case in.Unload.To != 0 && in.Unload.To <= now:
		return fault.At("wanted_by", "time_wanted_over", "The time wanted is already over.")
	case in.Unload.To != 0 && in.Unload.To < in.Unload.From:
		return fault.At("wanted_by", "bad_window", "A span of time ends after it begins.")
	case in.Ready.To != 0 && in.Ready.To < in.Ready.From:
		return fault.At("ready_until", "bad_window", "A span of time ends after it begins.")
	case in.UnloadFrom < 0 || in.UnloadTo < in.UnloadFrom || in.UnloadTo > 24*60:
		return fault.At("unload_to_minute", "bad_hours", "Hours of the day lie between 0 and 24, the first before the second.")
	case in.Cold != nil && in.Cold.Min > in.Cold.Max:
		return fault.At("cold", "bad_cold", "Cooling holds a band within −40 to 40 °C, the colder end first.")
	case utf8.RuneCountInString(in.Packing) > 40:
		return fault.At("packing", "too_long", "The packing has at most %d characters.", 40)
	}
	return nil
}

// ships reports whether the actor may post loads of a party, or plans for everybody.
func ships(by auth.Actor, party string) bool {
	return plans(by) || party != "" && (by.MayActFor(party, auth.ActOrders) || by.MayActFor(party, auth.ActLots))
}

// PostLoad posts a haulage need.
func (s *Service) PostLoad(ctx context.Context, by auth.Actor, in PostedInput) (PostedLoad, error) {
	if !ships(by, in.Shipper) {
		return PostedLoad{}, auth.NoSuchParty()
	}
	now := s.millis(ctx)
	if err := in.check(now); err != nil {
		return PostedLoad{}, err
	}
	for field, stop := range map[string]orders.Stop{"from": in.From, "to": in.To} {
		if _, ok := s.places.Division(stop.Adcode); !ok {
			return PostedLoad{}, fault.At(field+".adcode", "no_such_county", "There is no county with the code %q.", clip(stop.Adcode))
		}
	}
	in.From, in.To = s.named(in.From), s.named(in.To)
	if in.People == 0 {
		p, ok := s.rules.FindProduce(in.Produce)
		if !ok {
			return PostedLoad{}, fault.At("produce", "unknown_produce", "No produce is called %q.", clip(in.Produce))
		}
		in.Produce = p.ID
	}
	p := PostedLoad{ID: in.ID, Shipper: in.Shipper, Reference: payment.NewReference(), CreatedAt: now}
	if p.ID == "" {
		p.ID = store.NewID()
	}
	p.Load = in.load(p.ID, s)
	p.Left = p.Load
	return p, s.db.InTx(ctx, func(tx store.Tx) error {
		if err := isParty(ctx, tx, "shipper", in.Shipper); err != nil { // who plans for everybody may have named anybody
			return err
		}
		if err := isParty(ctx, tx, "receiver", cmp.Or(in.Receiver, in.Shipper)); err != nil {
			return err
		}
		if err := insertPosted(ctx, tx, p, by.ID()); err != nil {
			return err
		}
		return record(ctx, tx, by, now, "load.post", "load/"+p.ID, "", p)
	})
}

func (in PostedInput) load(id string, s *Service) Load {
	receiver := cmp.Or(in.Receiver, in.Shipper)
	ship := orders.ToShip{Allocation: postedAllocation(id), Seller: in.Shipper, Receiver: receiver, Produce: in.Produce, Packing: in.Packing,
		Grams: in.Grams, PackGrams: in.Pack, Packed: in.Packed, From: in.From, To: in.To, Ready: in.Ready, Unload: in.Unload,
		UnloadFrom: in.UnloadFrom, UnloadTo: in.UnloadTo, NoForklift: in.NoForklift}
	l := Load{ToShip: ship, People: in.People}
	if in.People == 0 {
		l = loadOf(ship, s.rules)
	}
	l.Posted, l.Cold = id, in.Cold
	return l
}

// postedAllocation stands where an allocation of an order would stand.
func postedAllocation(id string) string { return "posted/" + id }

// PostedLoads lists haulage needs, newest first: a shipper's; with shipper "" those of all one ships for, to a dispatcher all of them.
func (s *Service) PostedLoads(ctx context.Context, by auth.Actor, shipper, after string, n int) ([]PostedLoad, error) {
	if shipper != "" && !ships(by, shipper) {
		return nil, auth.NoSuchParty()
	}
	var of []string // nil: of everybody
	switch {
	case shipper != "":
		of = []string{shipper}
	case !plans(by):
		if of = slices.DeleteFunc(by.Parties(), func(p string) bool { return !ships(by, p) }); len(of) == 0 {
			return nil, nil
		}
	}
	list, err := postedPage(ctx, s.db.Read(), of, after, page(n))
	if err != nil {
		return nil, err
	}
	return list, s.takeHeld(ctx, s.db.Read(), list, s.holds(ctx))
}

// WithdrawLoad takes a haulage need back; a trip that holds it goes on. What is left of its money is owed back to the shipper,
// unless a trip has still to be paid out of it.
func (s *Service) WithdrawLoad(ctx context.Context, by auth.Actor, id string) error {
	return s.db.InTx(ctx, func(tx store.Tx) error {
		p, err := postedByID(ctx, tx, id)
		if err != nil {
			return found(err, "no_such_load", "load")
		}
		if !ships(by, p.Shipper) {
			return fault.New(fault.NotFound, "no_such_load", "There is no such %s.", "load")
		}
		if err = store.Exec(ctx, tx, `UPDATE posted_loads SET withdrawn = $1 WHERE id = $2`, true, id); err != nil {
			return err
		}
		if err = s.giveMoneyBack(ctx, tx, by, p); err != nil {
			return err
		}
		return record(ctx, tx, by, s.millis(ctx), "load.withdraw", "load/"+id, "", nil)
	})
}

// giveMoneyBack owes the shipper what is left of a need's money once every trip that carried of it was paid.
func (s *Service) giveMoneyBack(ctx context.Context, tx store.Tx, by auth.Actor, p PostedLoad) error {
	trips, err := tripsOfLoads(ctx, tx, []string{postedAllocation(p.ID)})
	if err != nil {
		return err
	}
	for _, t := range trips {
		state := t.State(s.millis(ctx))
		if !t.had(EventSettle) && (state == Done || !state.Ended()) {
			return nil
		}
	}
	left, err := ledger.Balance(ctx, tx, ledger.Fen, orders.HaulEscrow(p.ID))
	if err != nil || left == 0 {
		return err
	}
	_, _, err = ledger.Post(ctx, tx, ledger.Entry{ClientID: "haul/" + p.ID + "/back", At: s.millis(ctx), Actor: by.ID(), Kind: "given_back", Subject: "load/" + p.ID,
		Postings: []ledger.Posting{{Unit: ledger.Fen, From: orders.HaulEscrow(p.ID), To: orders.Refund(p.Shipper), Amount: left}}})
	return err
}

// leftOf takes off what trips hold that have not lapsed, been declined or been cancelled.
func (s *Service) leftOf(ctx context.Context, q store.Querier, p PostedLoad) (PostedLoad, error) {
	one := []PostedLoad{p}
	err := s.takeHeld(ctx, q, one, s.holds(ctx))
	return one[0], err
}

// holds reports whether goods or people of a trip are spoken for.
func (s *Service) holds(ctx context.Context) func(Trip) bool {
	now := s.millis(ctx)
	return func(t Trip) bool {
		state := t.State(now)
		return state == Done || !state.Ended()
	}
}

// takeHeld takes off what the trips that hold something have of each load.
func (s *Service) takeHeld(ctx context.Context, q store.Querier, list []PostedLoad, holds func(Trip) bool) error {
	names, known := make([]string, len(list)), make(map[string]*Load, len(list))
	for i := range list {
		p := &list[i]
		p.Left = p.Load
		names[i], known[p.ID] = postedAllocation(p.ID), &p.Left
	}
	trips, err := tripsOfLoads(ctx, q, names)
	if err != nil {
		return err
	}
	for _, t := range trips {
		if !holds(t) {
			continue
		}
		for _, c := range t.Consignments {
			if left := known[c.Load.Posted]; left != nil {
				left.Grams, left.People = max(0, left.Grams-c.Load.Goods.Net), max(0, left.People-c.Load.People)
			}
		}
	}
	for _, left := range known {
		if left.People == 0 && left.Grams > 0 {
			left.Goods = loadOf(left.ToShip, s.rules).Goods
		}
	}
	return nil
}

// Waits reports whether some of the load waits for a truck.
func (p PostedLoad) Waits() bool { return p.Left.Grams > 0 || p.Left.People > 0 }

// postedToShip gives what is left of every posted need, of as many as one plan takes.
func (s *Service) postedToShip(ctx context.Context) ([]Load, error) {
	var out []Load
	for after := ""; ; {
		open, err := openPosted(ctx, s.db.Read(), after, maxPlanLoads)
		if err == nil {
			err = s.takeHeld(ctx, s.db.Read(), open, s.holds(ctx))
		}
		if err != nil {
			return nil, err
		}
		for _, p := range open {
			if after = p.ID; p.Waits() && len(out) < maxPlanLoads {
				out = append(out, p.Left)
			}
		}
		if len(open) < maxPlanLoads || len(out) == maxPlanLoads {
			return out, nil
		}
	}
}

// noteCarried leaves the loads of a trip that is done out of those that are looked through for what waits, once such trips brought all of them.
func (s *Service) noteCarried(ctx context.Context, tx store.Tx, t Trip) error {
	var list []PostedLoad
	for _, c := range t.Consignments {
		if c.Load.Posted == "" || slices.ContainsFunc(list, func(p PostedLoad) bool { return p.ID == c.Load.Posted }) {
			continue
		}
		p, err := postedByID(ctx, tx, c.Load.Posted)
		if err != nil {
			return err
		}
		list = append(list, p)
	}
	if err := s.takeHeld(ctx, tx, list, Trip.done); err != nil {
		return err
	}
	for _, p := range list {
		if p.Waits() {
			continue
		}
		if err := store.Exec(ctx, tx, `UPDATE posted_loads SET carried = $1 WHERE id = $2`, true, p.ID); err != nil {
			return err
		}
	}
	return nil
}

func scanPosted(row store.Scanner) (PostedLoad, error) {
	var p PostedLoad
	var text string
	err := row.Scan(&p.ID, &p.Shipper, &text, &p.Withdrawn, &p.CreatedAt, &p.Reference)
	if err == nil {
		err = json.Unmarshal([]byte(text), &p.Load)
	}
	return p, err
}

const postedColumns = `id, shipper_id, load, withdrawn, created_at, reference`

func insertPosted(ctx context.Context, tx store.Tx, p PostedLoad, by string) error {
	text, err := toJSON(p.Load)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, `INSERT INTO posted_loads (`+postedColumns+`, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Shipper, text, p.Withdrawn, int64(p.CreatedAt), p.Reference, by)
}

func postedByID(ctx context.Context, q store.Querier, id string) (PostedLoad, error) {
	return scanPosted(q.QueryRowContext(ctx, `SELECT `+postedColumns+` FROM posted_loads WHERE id = $1`, id))
}

// LoadByReference gives the haulage need that a transfer quotes; sql.ErrNoRows when there is none.
func LoadByReference(ctx context.Context, q store.Querier, reference string) (id string, err error) {
	err = q.QueryRowContext(ctx, `SELECT id FROM posted_loads WHERE reference = $1`, reference).Scan(&id)
	return id, err
}

func postedPage(ctx context.Context, q store.Querier, shippers []string, after string, n int) ([]PostedLoad, error) {
	where := ""
	if len(shippers) > 0 {
		where = ` AND shipper_id IN (` + store.Marks(3, len(shippers)) + `)`
	}
	return rowsOf(ctx, q, scanPosted, `SELECT `+postedColumns+` FROM posted_loads WHERE id < $1`+where+` ORDER BY id DESC LIMIT $2`,
		append([]any{store.Below(after), n}, store.Args(shippers)...)...)
}

func openPosted(ctx context.Context, q store.Querier, after string, n int) ([]PostedLoad, error) {
	return rowsOf(ctx, q, scanPosted, `SELECT `+postedColumns+` FROM posted_loads WHERE NOT withdrawn AND NOT carried AND id > $1 ORDER BY id LIMIT $2`, after, n)
}

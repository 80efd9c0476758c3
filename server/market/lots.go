package market

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sort"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// Part is what a joined lot takes of another lot.
type Part struct {
	Lot   string
	Grams measure.Grams
}

// LotNumbers is a lot's weight as the ledger has it.
type LotNumbers struct {
	Available measure.Grams
}

// ReadBack is a one-line entry as it was understood, to be said back to the grower before anything is written down.
type ReadBack struct {
	Produce   string // stable name
	Grade     string
	Weight    measure.Grams
	Price     measure.PriceE4 // measure.NoPrice: not said
	PerGuess  bool            // the price had no unit and was taken per 斤
	Packs     int64
	PackGrams measure.Grams
	Packing   string
	When      string
}

// Read understands a one-line entry: `苹果 3吨 富士80 3元/斤`. It writes nothing down.
func (s *Service) Read(line string) (ReadBack, error) {
	l, err := measure.ParseLine(line)
	if err != nil {
		return ReadBack{}, fault.OfField(err, "line")
	}
	id, ok := s.Produce(l.What)
	if !ok {
		return ReadBack{}, fault.At("line", "unknown_produce", "We know no produce called %q.", clip(l.What))
	}
	if l.Mass == 0 {
		return ReadBack{}, fault.At("line", "no_weight_said", "Say how much it is: %s.", "苹果 3吨 3元/斤")
	}
	grade := ""
	for i, w := range l.Words {
		if i > 0 {
			grade += " "
		}
		grade += w
	}
	return ReadBack{id, grade, l.Mass, l.Price, l.PerGuess, l.Packs, l.PackGrams, l.PackWord, l.When}, nil
}

// BadWeight faults a weight that no lot and no order can have.
func BadWeight(field string) *fault.Fault {
	return fault.At(field, "bad_weight", "The weight must lie above zero and at most at 1,000 t.")
}

// CreateLot writes down a lot and its weight on the farm scale: world/harvest -> lot/<id>/available.
func (s *Service) CreateLot(ctx context.Context, by auth.Actor, in LotInput) (Lot, error) {
	by, err := by.ActFor(in.Party, auth.ActLots)
	if err != nil {
		return Lot{}, err
	}
	fresh, err := s.newLot(ctx, by, in)
	if err != nil {
		return Lot{}, err
	}
	var l Lot
	err = s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		l, _, err = s.addLot(ctx, tx, by, fresh, in)
		return err
	})
	return l, err
}

// addLot writes a new lot down, or gives what the same client id made before and says that nothing was made.
func (s *Service) addLot(ctx context.Context, tx store.Tx, by auth.Actor, l Lot, in LotInput) (_ Lot, made bool, err error) {
	before, err := Once(ctx, tx, in.ClientID, l.ID)
	if err != nil {
		return l, false, err
	}
	if before != "" {
		l, err = LotByID(ctx, tx, before)
		return l, false, err
	}
	shares, err := ownShares(ctx, tx, in)
	if err != nil {
		return l, false, err
	}
	return l, true, s.writeLot(ctx, tx, by, l, shares, nil)
}

// newLot checks an input and makes a lot of it.
func (s *Service) newLot(ctx context.Context, by auth.Actor, in LotInput) (Lot, error) {
	produce, err := s.produce(in.Produce)
	if err != nil {
		return Lot{}, err
	}
	if err = in.check(s.time(ctx)); err != nil {
		return Lot{}, err
	}
	if err = checkShares(in.Shares, in.Weight); err != nil {
		return Lot{}, err
	}
	place, err := s.place("place", in.Place)
	if err != nil {
		return Lot{}, err
	}
	return Lot{
		ID: store.NewID(), Party: in.Party, Produce: produce, Grade: in.Grade, Packing: in.Packing, Packs: in.Packs, PackGrams: in.PackGrams,
		Weighed: in.Weight, HarvestedOn: in.HarvestedOn, Place: place, SourceLine: in.SourceLine, Evidence: in.Evidence,
		Photo: in.Photo, StoredAt: in.stored(), ActedAt: listedAt(in.ActedAt, s.millis(ctx)), Mandate: mandateOf(by), CreatedAt: s.millis(ctx),
	}, nil
}

// ownShares gives who brought a new lot: the household itself, or those a cooperative names.
func ownShares(ctx context.Context, q store.Querier, in LotInput) ([]Share, error) {
	p, err := PartyByID(ctx, q, in.Party)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, auth.UnknownParty("party")
	}
	if err != nil {
		return nil, err
	}
	if p.Kind == HouseholdK {
		return []Share{{in.Party, in.Weight}}, nil
	}
	return in.Shares, ownHouseholds(ctx, q, in.Party, in.Shares)
}

// ownHouseholds faults a share of somebody who is no household of the cooperative.
func ownHouseholds(ctx context.Context, q store.Querier, coop string, shares []Share) error {
	for i, sh := range shares {
		h, err := HouseholdByParty(ctx, q, sh.Household)
		if errors.Is(err, sql.ErrNoRows) || err == nil && h.Coop != coop {
			return fault.At(fmt.Sprintf("shares[%d].household", i), "no_such_household", "There is no such household in this cooperative.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeLot writes the lot, who brought it, and its grams. What the parts don't bring comes from the harvest; what they
// bring over the scale's word was lost in packing and goes back out.
func (s *Service) writeLot(ctx context.Context, tx store.Tx, by auth.Actor, l Lot, shares []Share, parts []Part) error {
	if err := insertLot(ctx, tx, l, by.ID()); err != nil {
		return err
	}
	for _, sh := range shares {
		if err := insertShare(ctx, tx, l.ID, sh); err != nil {
			return err
		}
	}
	entry := ledger.Entry{ClientID: "lot/" + l.ID + "/weighed", At: l.CreatedAt, Actor: by.ID(), Kind: "weighed", Subject: "lot/" + l.ID}
	rest := l.Weighed
	for _, p := range parts {
		if err := insertJoin(ctx, tx, l.ID, p); err != nil {
			return err
		}
		entry.Postings = append(entry.Postings, ledger.Posting{Unit: ledger.Grams, From: LotAvailable(p.Lot), To: LotAvailable(l.ID), Amount: int64(p.Grams)})
		rest -= p.Grams
	}
	if rest > 0 {
		entry.Postings = append(entry.Postings, ledger.Posting{Unit: ledger.Grams, From: Harvest, To: LotAvailable(l.ID), Amount: int64(rest)})
	} else if rest < 0 {
		entry.Postings = append(entry.Postings, ledger.Posting{Unit: ledger.Grams, From: LotAvailable(l.ID), To: Reweighed, Amount: int64(-rest)})
	}
	if _, _, err := ledger.Post(ctx, tx, entry); err != nil {
		return err
	}
	return s.record(ctx, tx, by, "lot.create", "lot/"+l.ID, "", nil, l)
}

// JoinInput makes one lot of several: a cooperative packs what its households brought.
type JoinInput struct {
	LotInput
	Parts []Part
}

// JoinLots packs lots of a cooperative and its households into one. The households keep their shares: the benefit is split
// by them. Shares names who brought what is in none of the parts.
func (s *Service) JoinLots(ctx context.Context, by auth.Actor, in JoinInput) (Lot, error) {
	by, err := by.ActFor(in.Party, auth.ActLots)
	if err != nil {
		return Lot{}, err
	}
	if len(in.Parts) == 0 || len(in.Parts) > 500 {
		return Lot{}, fault.At("parts", "required", "This can't be empty.")
	}
	extra := in.Shares
	in.Shares = nil
	l, err := s.newLot(ctx, by, in.LotInput)
	if err != nil {
		return Lot{}, err
	}
	err = s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := Once(ctx, tx, in.ClientID, l.ID)
		if err != nil {
			return err
		}
		if before != "" {
			l, err = LotByID(ctx, tx, before)
			return err
		}
		shares, err := joinedShares(ctx, tx, l, in.Parts, extra)
		if err != nil {
			return err
		}
		return s.writeLot(ctx, tx, by, l, shares, in.Parts)
	})
	return l, err
}

// joinedShares adds up what each household brought, by the parts' own shares and by the extra ones.
func joinedShares(ctx context.Context, q store.Querier, l Lot, parts []Part, extra []Share) ([]Share, error) {
	if err := ownHouseholds(ctx, q, l.Party, extra); err != nil {
		return nil, err
	}
	sum := map[string]measure.Grams{}
	var whole measure.Grams
	for _, sh := range extra {
		sum[sh.Household] += sh.Grams
		whole += sh.Grams
	}
	seen := map[string]bool{}
	for i, p := range parts {
		field := fmt.Sprintf("parts[%d]", i)
		if seen[p.Lot] {
			return nil, fault.At(field+".lot", "named_twice", "Each lot is named once.")
		}
		seen[p.Lot] = true
		if err := checkMass(field+".weight", p.Grams, MaxLot); err != nil {
			return nil, err
		}
		shares, err := partShares(ctx, q, l, p)
		if err != nil {
			return nil, fault.OfField(err, field+".lot")
		}
		for _, sh := range shares {
			sum[sh.Household] += sh.Grams
		}
		whole += p.Grams
	}
	if diff := max(whole-l.Weighed, l.Weighed-whole); diff*100 > l.Weighed*maxPackPart {
		return nil, fault.At("weight", "parts_miss_weight", "The parts weigh %s together, but the scale says %s: more than 2 %% apart.", whole, l.Weighed)
	}
	return sortedShares(sum), nil
}

// partShares splits the part among those who brought the lot it comes from.
func partShares(ctx context.Context, q store.Querier, l Lot, p Part) ([]Share, error) {
	from, err := LotByID(ctx, q, p.Lot)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("lot")
	}
	if err != nil {
		return nil, err
	}
	if from.Party != l.Party {
		h, err := HouseholdByParty(ctx, q, from.Party)
		if errors.Is(err, sql.ErrNoRows) || err == nil && h.Coop != l.Party {
			return nil, notFound("lot")
		}
		if err != nil {
			return nil, err
		}
	}
	if from.Produce != l.Produce {
		return nil, fault.New(fault.Invalid, "other_produce", "Only lots of the same produce can be joined.")
	}
	shares, err := Shares(ctx, q, p.Lot)
	if err != nil || len(shares) == 0 {
		return nil, err
	}
	for i, g := range Split(int64(p.Grams), shares) {
		shares[i].Grams = measure.Grams(g)
	}
	return shares, nil
}

func sortedShares(sum map[string]measure.Grams) []Share {
	var out []Share
	for h, g := range sum {
		if g > 0 {
			out = append(out, Share{h, g})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Household < out[j].Household })
	return out
}

// Lot gives one lot and what is left of it. Lots on offer are public; others are their owner's.
func (s *Service) Lot(ctx context.Context, by auth.Actor, id string) (Lot, LotNumbers, error) {
	q := s.DB.Read()
	l, err := LotByID(ctx, q, id)
	if err != nil {
		return Lot{}, LotNumbers{}, found(err, "lot")
	}
	if !s.seesLot(ctx, by, l) {
		return Lot{}, LotNumbers{}, notFound("lot")
	}
	left, err := available(ctx, q, id)
	return l, LotNumbers{left[id]}, err
}

func (s *Service) seesLot(ctx context.Context, by auth.Actor, l Lot) bool {
	if by.Can(auth.Operator, "") || by.Can(auth.Auditor, "") || by.Can(auth.Dispatcher, "") || by.MayActFor(l.Party, auth.ActLots) || s.seesHousehold(ctx, by, l.Party) {
		return true
	}
	offers, err := offersOfLot(ctx, s.DB.Read(), l.ID)
	return err == nil && slices.ContainsFunc(offers, func(o Offer) bool { return o.Act != OfferDraft })
}

// Lots lists a party's lots, newest first.
func (s *Service) Lots(ctx context.Context, by auth.Actor, party, after string) ([]Lot, map[string]measure.Grams, error) {
	if !by.Can(auth.Operator, "") && !s.seesHousehold(ctx, by, party) && !by.MayActFor(party, auth.ActLots) {
		return nil, nil, notFound("party")
	}
	list, err := lotsOfParty(ctx, s.DB.Read(), party, after, pageSize)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	left, err := available(ctx, s.DB.Read(), ids...)
	return list, left, err
}

// Certify writes down the number of the lot's certificate of conformity (合格证).
func (s *Service) Certify(ctx context.Context, by auth.Actor, id, number string) (Lot, error) {
	if err := checkText("number", number, 1, 60); err != nil {
		return Lot{}, err
	}
	var l Lot
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		before, err := LotByID(ctx, tx, id)
		if err != nil {
			return found(err, "lot")
		}
		by, err := by.ActFor(before.Party, auth.ActLots)
		if err != nil {
			return notFound("lot")
		}
		l = before
		l.Certificate, l.CertifiedAt = number, s.millis(ctx)
		if err = certifyLot(ctx, tx, id, number, int64(l.CertifiedAt)); err != nil {
			return err
		}
		if err = s.LotsChanged(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "lot.certify", "lot/"+id, "", before, l)
	})
	return l, err
}

package orders

import (
	"cmp"
	"context"
	"slices"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// Hint says why a bank line may have been for something.
type Hint string

// The hints, the strongest first.
const (
	NearReference Hint = "near_reference" // one slip away from what the line quotes
	SameSum       Hint = "same_sum"       // the order lacks exactly what came
	SamePayer     Hint = "same_payer"     // the payer has the buyer's name
)

// Suggestion is what a bank line that quotes nothing known may have been for.
type Suggestion struct {
	Reference string
	For       payment.Kind
	ForID     string
	Party     string      // name of the buyer, "" for what is no order
	Lacks     measure.Fen // what the order lacks
	Hints     []Hint
}

// maxSuggestions is how many orders are looked at for one line.
const maxSuggestions = 20

// Suggest gives what a bank line may have been for, the likeliest first: finance decides.
func (s *Service) Suggest(ctx context.Context, by auth.Actor, id string) ([]Suggestion, error) {
	if err := mustBeFinance(by); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	l, err := payment.ByID(ctx, q, id)
	if err != nil {
		return nil, found(err, "bank line")
	}
	out, err := s.nearOnes(ctx, q, l)
	if err != nil {
		return nil, err
	}
	list, err := unpaidLike(ctx, q, l.Fen, l.Payer, maxSuggestions)
	for _, o := range list {
		if err != nil {
			break
		}
		out, err = s.addSuggestion(ctx, q, out, o, l)
	}
	sortSuggestions(out)
	return out, err
}

// nearOnes are the things whose reference is one slip away.
func (s *Service) nearOnes(ctx context.Context, q store.Querier, l payment.BankLine) ([]Suggestion, error) {
	var out []Suggestion
	for _, reference := range payment.NearReferences(l.Reference) {
		kind, id, err := s.quoted(ctx, q, reference)
		if err != nil {
			return nil, err
		}
		if id == "" {
			continue
		}
		sg := Suggestion{Reference: reference, For: kind, ForID: id, Hints: []Hint{NearReference}}
		if kind == payment.ForOrder {
			o, err := ByID(ctx, q, id)
			if err != nil {
				return nil, err
			}
			if sg, err = s.describe(ctx, q, sg, o, l); err != nil {
				return nil, err
			}
		}
		out = append(out, sg)
	}
	return out, nil
}

// describe adds whose an order is, what it lacks and which hints it gives.
func (s *Service) describe(ctx context.Context, q store.Querier, sg Suggestion, o Order, l payment.BankLine) (Suggestion, error) {
	p, err := market.PartyByID(ctx, q, o.Buyer)
	if err != nil {
		return sg, err
	}
	sg.Party = p.Name
	if sg.Lacks, err = lacking(ctx, q, o); err != nil {
		return sg, err
	}
	if sg.Lacks == l.Fen {
		sg.Hints = append(sg.Hints, SameSum)
	}
	if p.Name == l.Payer {
		sg.Hints = append(sg.Hints, SamePayer)
	}
	return sg, nil
}

func (s *Service) addSuggestion(ctx context.Context, q store.Querier, list []Suggestion, o Order, l payment.BankLine) ([]Suggestion, error) {
	for _, sg := range list {
		if sg.ForID == o.ID {
			return list, nil
		}
	}
	sg, err := s.describe(ctx, q, Suggestion{Reference: o.Reference, For: payment.ForOrder, ForID: o.ID}, o, l)
	if err != nil || sg.Lacks == 0 || len(sg.Hints) == 0 {
		return list, err
	}
	return append(list, sg), nil
}

// unpaidLike gives open orders of a sum or of a buyer's name, the newest first.
func unpaidLike(ctx context.Context, q store.Querier, sum measure.Fen, payer string, n int) ([]Order, error) {
	return store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders
		WHERE settled_at = 0 AND act IN ($1, $2, $3) AND (invoice_fen = $4 OR buyer_id IN (SELECT id FROM parties WHERE name = $5)) ORDER BY id DESC LIMIT $6`,
		string(Submitted), string(OfferedLess), string(Confirmed), int64(sum), payer, n)
}

// sortSuggestions puts those with more hints first; among equals the stronger hint, then the newer order.
func sortSuggestions(list []Suggestion) {
	slices.SortStableFunc(list, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(len(b.Hints), len(a.Hints)), cmp.Compare(strength(a.Hints), strength(b.Hints)), cmp.Compare(b.ForID, a.ForID))
	})
}

func strength(hints []Hint) int {
	return slices.Index([]Hint{NearReference, SameSum, SamePayer}, hints[0])
}

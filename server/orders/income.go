package orders

import (
	"context"
	"maps"
	"slices"

	"jishi/server/auth"
	"jishi/server/measure"
	"jishi/server/store"
)

// PaidOrder is an order of a seller that was paid for, with how the money was divided.
type PaidOrder struct {
	Order      Order
	Settlement Settlement
}

// Share is what one household got of a seller's settlements.
type Share struct {
	Household string
	Grams     measure.Grams
	Fen       measure.Fen
}

// incomePage is the most settlements that are shown at once.
const incomePage = 50

// Income lists what a seller was paid for, newest first: for its own people, finance and the auditors.
func (s *Service) Income(ctx context.Context, by auth.Actor, seller string) ([]PaidOrder, error) {
	if !by.MayActFor(seller, auth.ActOffers) && !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return nil, auth.NoSuchParty().In("seller")
	}
	q := s.DB.Read()
	list, err := store.All(ctx, q, scanOrder, `SELECT `+orderColumns+` FROM orders
		WHERE seller_id = $1 AND settled_at > 0 ORDER BY settled_at DESC, id DESC LIMIT $2`, seller, incomePage)
	out := make([]PaidOrder, len(list))
	for i, o := range list {
		if err != nil {
			break
		}
		out[i].Order = o
		out[i].Settlement, err = settlementOf(ctx, q, o.ID)
	}
	return out, err
}

// HouseholdShares adds up what each household got, by household.
func HouseholdShares(list []PaidOrder) []Share {
	sum := map[string]Share{}
	for _, s := range list {
		for _, l := range s.Settlement.Lines {
			if l.Kind != BenefitLine {
				continue
			}
			sh := sum[l.Party]
			sum[l.Party] = Share{l.Party, sh.Grams + l.Grams, sh.Fen + l.Fen}
		}
	}
	out := make([]Share, 0, len(sum))
	for _, id := range slices.Sorted(maps.Keys(sum)) {
		out = append(out, sum[id])
	}
	return out
}

// BenefitOf sums what households got, and says of how many; both are 0 where they are fewer than three, so that nobody's
// share is shown as a sum.
func BenefitOf(shares []Share) (sum measure.Fen, households int) {
	if len(shares) < leastHouseholds {
		return 0, 0
	}
	for _, sh := range shares {
		sum += sh.Fen
	}
	return sum, len(shares)
}

// To sums what a settlement pays for one kind of line.
func (s Settlement) To(kind LineKind) measure.Fen {
	var sum measure.Fen
	for _, l := range s.Lines {
		if l.Kind == kind && l.Account != "" {
			sum += l.Fen
		}
	}
	return sum
}

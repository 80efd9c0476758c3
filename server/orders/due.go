package orders

import "context"

// Due is what the clock did in one round.
type Due struct {
	Orders     int `json:"orders"`     // ended, because nobody answered or a deposit did not come
	Quotations int `json:"quotations"` // ended, because nobody answered
	Drafts     int `json:"drafts"`     // of standing orders, made or found impossible
}

// RunDue does everything whose time has come: it ends orders and quotations that nobody answered and makes the drafts of standing
// orders. It may run at any time and as often as one likes.
func (s *Service) RunDue(ctx context.Context) (d Due, err error) {
	if d.Orders, err = s.ExpireDue(ctx); err != nil {
		return d, err
	}
	lapsed, err := s.lapseDeposits(ctx)
	if d.Orders += lapsed; err != nil {
		return d, err
	}
	if d.Quotations, err = s.ExpireQuotes(ctx); err != nil {
		return d, err
	}
	d.Drafts, err = s.DraftStanding(ctx)
	return d, err
}

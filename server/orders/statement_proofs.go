package orders

import (
	"context"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// OutRow is a row of a bank's statement that went out to a party of ours.
type OutRow struct {
	payment.StatementRow
	Payout payment.Payout
	State  PayoutState
	Same   bool // the row's sum is the payment's
}

// proofsIn finds the payouts that rows of money that went out quote.
func proofsIn(ctx context.Context, q store.Querier, rows []payment.StatementRow) ([]OutRow, error) {
	var out []OutRow
	for _, r := range rows {
		for _, reference := range payment.References(r.Reference) {
			p, err := payment.PayoutByReference(ctx, q, reference)
			if ignoreNoRows(err) != nil {
				return nil, err
			}
			if err != nil {
				continue
			}
			run, err := payment.RunByID(ctx, q, p.Run)
			if err != nil {
				return nil, err
			}
			out = append(out, OutRow{r, p, payoutState(run, p), r.Fen == p.Fen})
		}
	}
	return out, nil
}

// ProveByStatement proves the payouts on their way that a statement's rows of the same sum quote, each by the bank's number of its row. It
// tells how many; again it proves nothing more. A row of another sum proves nothing.
func (s *Service) ProveByStatement(ctx context.Context, by auth.Actor, id string) (Statement, error) {
	if err := mustBeFinance(by); err != nil {
		return Statement{}, err
	}
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		st, err := statementByID(ctx, tx, id)
		if err != nil {
			return found(err, "statement")
		}
		rows, err := proofsIn(ctx, tx, st.Outs)
		for _, r := range rows {
			if err == nil && r.Same && r.State == PayoutInTransit {
				err = s.proveByRow(ctx, tx, by, r)
			}
		}
		return err
	})
	if err != nil {
		return Statement{}, err
	}
	return s.Statement(ctx, by, id)
}

func (s *Service) proveByRow(ctx context.Context, tx store.Tx, by auth.Actor, r OutRow) error {
	_, err := payment.PayoutByProof(ctx, tx, r.Serial)
	if err == nil {
		return nil // another payment has this number: a person has to look
	}
	if err = ignoreNoRows(err); err != nil {
		return err
	}
	p := r.Payout
	p.Proof, p.PaidAt = r.Serial, max(r.PaidAt, measure.Millis(1))
	if err = s.postPayout(ctx, tx, by, p, "done", Transit(p.ID), market.Bank); err != nil {
		return err
	}
	if err = payment.SetPayout(ctx, tx, p, r.Payout); err != nil {
		return err
	}
	return record(ctx, tx, by, deed{act: "payout.prove", subject: "payout/" + p.ID, at: s.millis(ctx), before: r.Payout, after: p})
}

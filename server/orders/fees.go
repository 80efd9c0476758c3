package orders

import (
	"context"
	"errors"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/payment"
	"jishi/server/store"
)

// The payment service keeps a fee of what it takes. Payers and payees don't bear it: it is a cost of running the market, told by an account
// of the outside:
//
//	world/fees -> world/stripe

// askFees books what the service kept of payments, each once. One that it does not know yet waits for the next round.
func (s *Service) askFees(ctx context.Context) error {
	due, err := payment.FeesDue(ctx, s.DB.Read(), eventsAtOnce)
	for _, c := range due {
		err = errors.Join(err, s.askFee(ctx, c))
	}
	return err
}

func (s *Service) askFee(ctx context.Context, c payment.Checkout) error {
	fee, err := s.Gateway.Fee(ctx, c.Intent)
	if gone(err) { // it knows no such payment: there is nothing to wait for
		fee, err = payment.Fee{Known: true, Currency: payment.Currency}, nil
	}
	if err != nil || !fee.Known {
		return err
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		inFenOnly := fee.Fen
		if fee.Currency != payment.Currency { // the books keep yuan alone; what another one cost is in the record
			inFenOnly = 0
		}
		ok, err := payment.SetFee(ctx, tx, c.ID, inFenOnly)
		if err != nil || !ok {
			return err
		}
		at := s.millis(ctx)
		if inFenOnly > 0 {
			_, _, err = ledger.Post(ctx, tx, ledger.Entry{
				ClientID: "checkout/" + c.ID + "/fee", At: at, Actor: auth.System("gateway").ID(), Kind: "gateway_fee", Subject: "checkout/" + c.ID,
				Postings: []ledger.Posting{inFen(GatewayFees, GatewayWorld, inFenOnly)},
			})
			if err != nil {
				return err
			}
		}
		return record(ctx, tx, auth.System("gateway"), deed{act: "checkout.fee", subject: "checkout/" + c.ID, at: at, after: fee})
	})
}

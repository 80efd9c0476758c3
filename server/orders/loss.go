package orders

import (
	"context"
	"maps"
	"slices"

	"jishi/server/auth"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/store"
)

// charge is what of a line's loss somebody answers for, at the agreed price: what dried out beyond the agreed part, rotted, or is missing.
func (l weighed) charge() (sum measure.Fen) {
	_, beyond := l.moisture()
	for _, g := range []measure.Grams{beyond, l.Lost[Rot], l.Lost[Missing], l.Lost[Theft]} {
		sum += l.Price.Times(g)
	}
	return sum
}

// bookLosses makes the carriers owe the seller what was lost on the road and is theirs by the terms of the order. Who drove for nothing is
// not charged.
func (s *Service) bookLosses(ctx context.Context, tx store.Tx, by auth.Actor, o Order, lines []weighed, at measure.Millis) error {
	if s.CarrierOf == nil {
		return nil
	}
	var list []Setoff
	for _, l := range lines {
		if l.Loss.Bearer != market.CarrierBears || l.charge() == 0 {
			continue
		}
		more, err := s.lossesOf(ctx, tx, o, l)
		if err != nil {
			return err
		}
		list = append(list, more...)
	}
	return s.setOff(ctx, tx, by, ledger.Entry{
		ClientID: "order/" + o.ID + "/loss", At: at, Actor: by.ID(), Kind: "loss_charged", Subject: "order/" + o.ID,
	}, list)
}

// lossesOf divides a line's charge over the carriers by what each lost beyond the agreed part.
func (s *Service) lossesOf(ctx context.Context, q store.Querier, o Order, l weighed) ([]Setoff, error) {
	takings, err := takingsOfOrder(ctx, q, o.ID)
	if err != nil {
		return nil, err
	}
	lost := map[string]int64{} // grams by carrier
	for _, t := range takings {
		if t.Line != l.ID || t.LoadedAt == 0 {
			continue
		}
		part := weighed{Line: l.Line, Lost: map[LossCause]measure.Grams{}}
		if err = part.add(ctx, q, t.Consignment); err != nil {
			return nil, err
		}
		carrier, err := s.CarrierOf(ctx, q, t.Consignment)
		if err != nil {
			return nil, err
		}
		_, beyond := part.moisture()
		lost[carrier] += int64(beyond + part.Lost[Rot] + part.Lost[Missing] + part.Lost[Theft])
	}
	return s.chargeCarriers(ctx, q, o, l, lost)
}

func (s *Service) chargeCarriers(ctx context.Context, q store.Querier, o Order, l weighed, lost map[string]int64) ([]Setoff, error) {
	carriers := slices.Sorted(maps.Keys(lost))
	weights := make([]int64, len(carriers))
	for i, c := range carriers {
		weights[i] = lost[c]
	}
	var out []Setoff
	for i, fen := range market.Apportion(int64(l.charge()), weights) {
		free, err := drivesForNothing(ctx, q, carriers[i], o)
		if err != nil {
			return nil, err
		}
		if fen > 0 && carriers[i] != "" && carriers[i] != o.Seller && !free {
			out = append(out, Setoff{
				Order: o.ID, Why: ByLoss, Ref: l.ID, Kind: LossChargeLine, Party: o.Seller, Fen: measure.Fen(fen), Debtor: carriers[i],
				From: Payable(carriers[i]), To: Payable(o.Seller),
			})
		}
	}
	return out, nil
}

// drivesForNothing reports whether a carrier gave its haulage of an order or of its campaign.
func drivesForNothing(ctx context.Context, q store.Querier, carrier string, o Order) (free bool, err error) {
	var n int
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FROM donated_haulage WHERE carrier_id = $1 AND (order_id = $2 OR $3 <> '' AND campaign_id = $3)`, carrier, o.ID, o.Campaign).Scan(&n)
	return n > 0, err
}

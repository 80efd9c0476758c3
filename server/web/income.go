package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/market"
	"jishi/server/orders"
)

// PaidOrderView is one order that was paid for.
type PaidOrderView struct {
	Order     string  `json:"order"`
	BuyerName string  `json:"buyer_name"`
	SettledAt Instant `json:"settled_at"`
	Total     int64   `json:"total_fen"`
	Own       int64   `json:"own_fen" doc:"to the seller"`
	Benefit   int64   `json:"benefit_fen" doc:"to registered poor households"`
	Haulage   int64   `json:"haulage_fen"`
	Fee       int64   `json:"fee_fen"`
}

// HouseholdShareView is what one household got; its name is masked.
type HouseholdShareView struct {
	Name  string `json:"name"`
	Grams int64  `json:"grams"`
	Fen   int64  `json:"fen"`
}

// IncomeView is what a seller was paid for.
type IncomeView struct {
	Orders     []PaidOrderView      `json:"orders"`
	Own        int64                `json:"own_fen"`
	Benefit    int64                `json:"benefit_fen" doc:"the households' sum; 0 when they are fewer than three"`
	Households int                  `json:"households" doc:"how many; 0 when fewer than three"`
	Shares     []HouseholdShareView `json:"shares"`
}

type incomeQuery struct {
	Seller string `query:"seller" maxLength:"64" required:"true"`
}

func registerIncome(api huma.API, s Services) {
	get(api, "/income", "Lists what a seller was paid for, and each household's share", func(ctx context.Context, by auth.Actor, in *incomeQuery) (IncomeView, error) {
		list, err := s.Orders.Income(ctx, by, in.Seller)
		if err != nil {
			return IncomeView{}, err
		}
		return s.incomeView(ctx, list)
	})
}

func (s Services) incomeView(ctx context.Context, list []orders.PaidOrder) (IncomeView, error) {
	shares := orders.HouseholdShares(list)
	var ids []string
	for _, o := range list {
		ids = append(ids, o.Order.Buyer)
	}
	for _, sh := range shares {
		ids = append(ids, sh.Household)
	}
	parties, err := market.PartiesByID(ctx, s.DB.Read(), ids...)
	if err != nil {
		return IncomeView{}, err
	}
	sum, households := orders.BenefitOf(shares)
	v := IncomeView{Orders: []PaidOrderView{}, Benefit: int64(sum), Households: households, Shares: mapped(shares, func(sh orders.Share) HouseholdShareView {
		return HouseholdShareView{market.MaskName(parties[sh.Household].Name), int64(sh.Grams), int64(sh.Fen)}
	})}
	for _, o := range list {
		st := o.Settlement
		p := PaidOrderView{o.Order.ID, parties[o.Order.Buyer].Name, Instant(o.Order.SettledAt), int64(st.Total), int64(st.To(orders.CoopLine)), int64(st.To(orders.BenefitLine)),
			int64(st.To(orders.HaulageLine)), int64(st.To(orders.FeeLine))}
		v.Own += p.Own
		v.Orders = append(v.Orders, p)
	}
	return v, nil
}

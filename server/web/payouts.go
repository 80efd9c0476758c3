package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/orders"
	"jishi/server/payment"
)

// BankAccountBody is where a party wants its money.
type BankAccountBody struct {
	Holder string `json:"holder" minLength:"1" maxLength:"100" doc:"name of the holder as the bank knows it"`
	Bank   string `json:"bank" minLength:"1" maxLength:"100" doc:"bank and branch"`
	Number string `json:"number" minLength:"8" maxLength:"50" doc:"digits; spaces are dropped"`
}

// BankAccountView is where a party wants its money. The number is masked but for finance.
type BankAccountView struct {
	Party  string `json:"party"`
	Holder string `json:"holder"`
	Bank   string `json:"bank"`
	Number string `json:"number"`
}

func bankAccountView(a payment.BankAccount) BankAccountView {
	return BankAccountView{a.Party, a.Holder, a.Bank, a.Number}
}

// DebtView is what is owed to one party out of one account of the ledger.
type DebtView struct {
	Party    string `json:"party"`
	Name     string `json:"name"`
	Account  string `json:"account"`
	Fen      int64  `json:"fen" doc:"that can be paid now"`
	Proposed int64  `json:"proposed_fen" doc:"in runs that wait for a yes"`
	Known    bool   `json:"known" doc:"its bank account is known"`
}

// PayoutView is one payment to a party.
type PayoutView struct {
	ID        string             `json:"id"`
	Run       string             `json:"run"`
	State     orders.PayoutState `json:"state" enum:"proposed,approved,in_transit,paid,failed,refused"`
	Party     string             `json:"party"`
	Name      string             `json:"name"`
	Account   string             `json:"account" doc:"of the ledger, that owes it"`
	Reference string             `json:"reference" doc:"that the transfer quotes"`
	Fen       int64              `json:"fen"`
	Number    string             `json:"number" doc:"the payee's account, masked"`
	Proof     string             `json:"proof,omitempty" doc:"the bank's own number of the payment"`
	PaidAt    Instant            `json:"paid_at,omitempty"`
	FailedFor string             `json:"failed_for,omitempty"`
}

// PayoutRunView is payments that leave together.
type PayoutRunView struct {
	ID         string             `json:"id"`
	State      orders.PayoutState `json:"state" enum:"proposed,approved,in_transit,paid,failed,refused" doc:"of the payment that is least far"`
	Fen        int64              `json:"fen"`
	MadeAt     Instant            `json:"made_at"`
	MadeBy     string             `json:"made_by"`
	FirstBy    string             `json:"first_by,omitempty"`
	FirstName  string             `json:"first_by_name,omitempty" doc:"who said the first yes"`
	SecondBy   string             `json:"second_by,omitempty"`
	SecondName string             `json:"second_by_name,omitempty"`
	RefusedFor string             `json:"refused_for,omitempty"`
	Payouts    []PayoutView       `json:"payouts" table:"rows"`
}

func (s Services) payoutView(ctx context.Context, p orders.PayoutView) PayoutView {
	return PayoutView{p.ID, p.Run, p.State, p.Party, s.partyName(ctx, p.Party), p.Account, p.Reference, int64(p.Fen), p.To.Masked(), p.Proof, Instant(p.PaidAt), p.FailedFor}
}

func (s Services) payoutRunView(ctx context.Context, r orders.PayoutRunView) PayoutRunView {
	v := PayoutRunView{ID: r.ID, State: r.State(), MadeAt: Instant(r.MadeAt), MadeBy: r.MadeBy, FirstBy: r.FirstBy, FirstName: s.userName(ctx, r.FirstBy),
		SecondBy: r.SecondBy, SecondName: s.userName(ctx, r.SecondBy), RefusedFor: r.RefusedFor}
	for _, p := range r.Payouts {
		v.Fen += int64(p.Fen)
		v.Payouts = append(v.Payouts, s.payoutView(ctx, p))
	}
	return v
}

// BankOrderView is one line of the file that the bank pays by.
type BankOrderView struct {
	Reference string `json:"reference"`
	Holder    string `json:"holder"`
	Number    string `json:"number"`
	Bank      string `json:"bank"`
	Fen       int64  `json:"fen"`
}

// PayoutsBody names who is to be paid.
type PayoutsBody struct {
	Parties []string `json:"parties,omitempty" maxItems:"1000" doc:"none: all whose bank account is known"`
}

// ProofBody is the bank's word that it has paid.
type ProofBody struct {
	Proof  string  `json:"proof" minLength:"1" maxLength:"100" doc:"the bank's own number of the payment"`
	PaidAt Instant `json:"paid_at"`
}

func registerPayouts(api huma.API, s Services) {
	put(api, "/parties/{id}/bank-account", "Says where a party wants its money", func(ctx context.Context, by auth.Actor, in *idWith[BankAccountBody]) (BankAccountView, error) {
		a := payment.BankAccount{Party: in.ID, Holder: in.Body.Holder, Bank: in.Body.Bank, Number: in.Body.Number}
		if err := s.Orders.SetBankAccount(ctx, by, a); err != nil {
			return BankAccountView{}, err
		}
		a, err := s.Orders.BankAccount(ctx, by, in.ID)
		return bankAccountView(a), err
	})
	get(api, "/parties/{id}/bank-account", "Shows where a party wants its money", func(ctx context.Context, by auth.Actor, in *byID) (BankAccountView, error) {
		a, err := s.Orders.BankAccount(ctx, by, in.ID)
		return bankAccountView(a), err
	})
	get(api, "/debts", "Lists what is owed to sellers, hauliers, households and payers", func(ctx context.Context, by auth.Actor, _ *none) ([]DebtView, error) {
		list, err := s.Orders.Debts(ctx, by)
		return mapped(list, func(d orders.Debt) DebtView {
			return DebtView{d.Party, s.partyName(ctx, d.Party), d.Account, int64(d.Fen), int64(d.Proposed), d.Known}
		}), err
	})
	get(api, "/payouts", "Lists the payments to a party, newest first", func(ctx context.Context, by auth.Actor, in *struct {
		Party string `query:"party" required:"true" maxLength:"64"`
		After string `query:"after" maxLength:"64"`
	}) ([]PayoutView, error) {
		list, err := s.Orders.PayoutsTo(ctx, by, in.Party, in.After)
		return mapped(list, func(p orders.PayoutView) PayoutView { return s.payoutView(ctx, p) }), err
	})
	post(api, "/payouts/{id}/prove", "Says that the bank has paid, by its own number of the payment", func(ctx context.Context, by auth.Actor, in *idWith[ProofBody]) (PayoutView, error) {
		p, err := s.Orders.ProvePayout(ctx, by, in.ID, in.Body.Proof, in.Body.PaidAt.Millis())
		return s.payoutView(ctx, p), err
	})
	post(api, "/payouts/{id}/fail", "Says that a payment did not arrive: the money is owed again", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (PayoutView, error) {
		p, err := s.Orders.FailPayout(ctx, by, in.ID, in.Body.Reason)
		return s.payoutView(ctx, p), err
	})
	registerPayoutRuns(api, s)
}

func registerPayoutRuns(api huma.API, s Services) {
	post(api, "/payout-runs", "Makes a run of what is owed", func(ctx context.Context, by auth.Actor, in *with[PayoutsBody]) (PayoutRunView, error) {
		r, err := s.Orders.ProposePayouts(ctx, by, clientID(ctx), in.Body.Parties)
		return s.payoutRunView(ctx, r), err
	})
	get(api, "/payout-runs", "Lists runs of payments, newest first", func(ctx context.Context, by auth.Actor, in *afterQuery) ([]PayoutRunView, error) {
		list, err := s.Orders.PayoutRuns(ctx, by, in.After)
		return mapped(list, func(r orders.PayoutRunView) PayoutRunView { return s.payoutRunView(ctx, r) }), err
	})
	get(api, "/payout-runs/{id}", "Shows a run of payments", func(ctx context.Context, by auth.Actor, in *byID) (PayoutRunView, error) {
		r, err := s.Orders.PayoutRun(ctx, by, in.ID)
		return s.payoutRunView(ctx, r), err
	})
	get(api, "/payout-runs/{id}/file", "Gives the payments of a run as the bank is to make them, after the second yes", func(ctx context.Context, by auth.Actor, in *byID) ([]BankOrderView, error) {
		list, err := s.Orders.PayoutFile(ctx, by, in.ID)
		return mapped(list, func(p orders.PayoutView) BankOrderView {
			return BankOrderView{p.Reference, p.To.Holder, p.To.Number, p.To.Bank, int64(p.Fen)}
		}), err
	})
	post(api, "/payout-runs/{id}/approve", "Says the first or the second yes to a run", func(ctx context.Context, by auth.Actor, in *byID) (PayoutRunView, error) {
		r, err := s.Orders.ApprovePayouts(ctx, by, in.ID)
		return s.payoutRunView(ctx, r), err
	})
	post(api, "/payout-runs/{id}/refuse", "Ends a run that has not left", func(ctx context.Context, by auth.Actor, in *idWith[ReasonBody]) (PayoutRunView, error) {
		r, err := s.Orders.RefusePayouts(ctx, by, in.ID, in.Body.Reason)
		return s.payoutRunView(ctx, r), err
	})
}

// partyName is a party's name; "" when it can't be read, and the page shows the id.
func (s Services) partyName(ctx context.Context, id string) string {
	names, _ := s.partyNames(ctx, []string{id})
	return names[id]
}

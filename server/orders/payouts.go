package orders

import (
	"context"
	"maps"
	"slices"
	"strings"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/market"
	"jishi/server/measure"
	"jishi/server/payment"
	"jishi/server/store"
)

// Money that is owed to a party leaves by bank, in runs that two people approve:
//
//	payable, benefit or refund/<party> -> payout/<payout>/transit -> world/bank       or back to where it came from when it fails

// owedFrom are the families of accounts that payouts pay.
var owedFrom = []string{"payable/", "benefit/", "refund/"}

// Debt is what is owed to one party out of one account.
type Debt struct {
	Party    string
	Account  string
	Fen      measure.Fen // that can be paid now
	Proposed measure.Fen // in runs that wait for a yes
	Known    bool        // its bank account is known
}

// Debts lists what is owed to whom, by account. Finance and auditors see it.
func (s *Service) Debts(ctx context.Context, by auth.Actor) ([]Debt, error) {
	if !by.Can(auth.Auditor, "") && !by.Can(auth.Finance, "") {
		return nil, mustBeFinance(by)
	}
	return debts(ctx, s.DB.Read())
}

func debts(ctx context.Context, q store.Querier) ([]Debt, error) {
	var out []Debt
	for _, family := range owedFrom {
		held, err := ledger.BalancesPrefix(ctx, q, ledger.Fen, family)
		if err != nil {
			return nil, err
		}
		for _, account := range slices.Sorted(maps.Keys(held)) {
			d, err := debt(ctx, q, account, measure.Fen(held[account]))
			if err != nil {
				return nil, err
			}
			if d.Fen > 0 || d.Proposed > 0 {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

func debt(ctx context.Context, q store.Querier, account string, held measure.Fen) (Debt, error) {
	_, party, _ := strings.Cut(account, "/")
	d := Debt{Party: party, Account: account}
	if held == 0 {
		return d, nil
	}
	var err error
	if d.Proposed, err = payment.Proposed(ctx, q, account); err != nil {
		return d, err
	}
	d.Fen = max(0, held-d.Proposed)
	_, err = payment.BankAccountOf(ctx, q, party)
	d.Known = err == nil
	return d, ignoreNoRows(err)
}

// PayoutRunView is a run with its payments.
type PayoutRunView struct {
	payment.PayoutRun
	Payouts []PayoutView
}

// PayoutView is a payment with its state.
type PayoutView struct {
	payment.Payout
	State PayoutState
}

// ProposePayouts makes a run of what is owed to these parties, to all whose bank account is known when none is named. A repeat with the same
// client id gives the same run.
func (s *Service) ProposePayouts(ctx context.Context, by auth.Actor, clientID string, parties []string) (PayoutRunView, error) {
	if err := mustBeFinance(by); err != nil {
		return PayoutRunView{}, err
	}
	var v PayoutRunView
	err := s.DB.InTx(ctx, func(tx store.Tx) error {
		r := payment.PayoutRun{ID: store.NewID(), MadeAt: s.millis(ctx), MadeBy: by.User}
		before, err := market.Once(ctx, tx, clientID, r.ID)
		if err != nil {
			return err
		}
		if before != "" {
			v, err = runView(ctx, tx, before)
			return err
		}
		if err = s.takeAllSetoffs(ctx, tx, by); err != nil {
			return err
		}
		list, err := toPay(ctx, tx, r.ID, parties)
		if err != nil {
			return err
		}
		if err = payment.InsertRun(ctx, tx, r, list); err != nil {
			return err
		}
		if err = record(ctx, tx, by, deed{act: "payout.propose", subject: "payout_run/" + r.ID, at: r.MadeAt, after: list}); err != nil {
			return err
		}
		v, err = runView(ctx, tx, r.ID)
		return err
	})
	return v, err
}

// toPay makes the payments of a run.
func toPay(ctx context.Context, q store.Querier, run string, parties []string) ([]payment.Payout, error) {
	owed, err := debts(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []payment.Payout
	for _, d := range owed {
		if d.Fen == 0 || len(parties) > 0 && !slices.Contains(parties, d.Party) || len(parties) == 0 && !d.Known {
			continue
		}
		to, err := payment.BankAccountOf(ctx, q, d.Party)
		if err != nil {
			if ignoreNoRows(err) == nil {
				err = fault.At("parties", "no_bank_account", "%s has not said which bank account it wants its money on.", d.Party)
			}
			return nil, err
		}
		out = append(out, payment.Payout{ID: store.NewID(), Run: run, Party: d.Party, Account: d.Account, Reference: payment.NewReference(), Fen: d.Fen, To: to})
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Conflict, "nothing_owed", "Nothing is owed that could be paid now.")
	}
	return out, nil
}

func runView(ctx context.Context, q store.Querier, id string) (PayoutRunView, error) {
	r, err := payment.RunByID(ctx, q, id)
	if err != nil {
		return PayoutRunView{}, err
	}
	v := PayoutRunView{PayoutRun: r}
	list, err := payment.PayoutsOf(ctx, q, id)
	for _, p := range list {
		v.Payouts = append(v.Payouts, PayoutView{p, payoutState(r, p)})
	}
	return v, err
}

// ApprovePayouts is the first or the second yes to a run. The second moves the money: it is on its way from then on. Nobody who belongs to
// a payee may say yes, and nobody twice.
func (s *Service) ApprovePayouts(ctx context.Context, by auth.Actor, id string) (PayoutRunView, error) {
	return s.sayOfRun(ctx, by, id, "approve", func(tx store.Tx, v *PayoutRunView) error {
		for _, p := range v.Payouts {
			if slices.Contains(by.Parties(), p.Party) {
				return fault.New(fault.Forbidden, "own_money", "You belong to %s, which is paid by this run: two others have to approve it.", p.Party)
			}
		}
		if v.FirstAt == 0 {
			v.FirstAt, v.FirstBy = s.millis(ctx), by.User
			return nil
		}
		if v.FirstBy == by.User {
			return fault.New(fault.Forbidden, "second_pair_of_eyes", "You approved this run already: another person has to approve it too.")
		}
		v.SecondAt, v.SecondBy = s.millis(ctx), by.User
		for _, p := range v.Payouts {
			if err := s.postPayout(ctx, tx, by, p.Payout, "begun", p.Account, Transit(p.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}

// RefusePayouts ends a run that has not left, with a reason.
func (s *Service) RefusePayouts(ctx context.Context, by auth.Actor, id, reason string) (PayoutRunView, error) {
	return s.sayOfRun(ctx, by, id, "refuse", func(_ store.Tx, v *PayoutRunView) error {
		v.RefusedAt, v.RefusedBy, v.RefusedFor = s.millis(ctx), by.User, reason
		return checkReason(reason)
	})
}

// sayOfRun does one act on a run in a transaction with its record.
func (s *Service) sayOfRun(ctx context.Context, by auth.Actor, id, act string, say func(store.Tx, *PayoutRunView) error) (PayoutRunView, error) {
	if err := mustBeFinance(by); err != nil {
		return PayoutRunView{}, err
	}
	var v PayoutRunView
	err := s.DB.InTx(ctx, func(tx store.Tx) (err error) {
		if v, err = runView(ctx, tx, id); err != nil {
			return found(err, "payout run")
		}
		if err = mayPayout(v.Payouts[0].State, act); err != nil {
			return err
		}
		from := v.PayoutRun
		if err = say(tx, &v); err != nil {
			return err
		}
		if err = payment.SetRun(ctx, tx, v.PayoutRun, from); err != nil {
			return err
		}
		if err = record(ctx, tx, by, deed{act: "payout." + act, subject: "payout_run/" + id, reason: v.RefusedFor, at: s.millis(ctx), before: from, after: v.PayoutRun}); err != nil {
			return err
		}
		v, err = runView(ctx, tx, id)
		return err
	})
	return v, err
}

// ProvePayout says that the bank has paid, by its own number of the payment. Said again with the same number it has no second effect.
func (s *Service) ProvePayout(ctx context.Context, by auth.Actor, id, proof string, at measure.Millis) (PayoutView, error) {
	if proof = strings.TrimSpace(proof); proof == "" || len(proof) > 100 {
		return PayoutView{}, fault.At("proof", "bad_proof", "Give the bank's own number of the payment, at most 100 bytes.")
	}
	return s.sayOfPayout(ctx, by, id, "prove", func(tx store.Tx, v *PayoutView) (bool, error) {
		other, err := payment.PayoutByProof(ctx, tx, proof)
		switch {
		case err == nil && other.ID == id:
			return false, nil
		case err == nil:
			return false, fault.New(fault.Conflict, "proof_used", "This number proves another payment already.").In("proof")
		case ignoreNoRows(err) != nil:
			return false, err
		}
		if err = mayPayout(v.State, "prove"); err != nil {
			return false, err
		}
		if at <= 0 || at > s.millis(ctx) {
			return false, fault.At("paid_at", "payment_day", "The day of payment is missing or lies ahead.")
		}
		v.Proof, v.PaidAt = proof, at
		return true, s.postPayout(ctx, tx, by, v.Payout, "done", Transit(id), market.Bank)
	})
}

// FailPayout says that a payment did not arrive: the money is owed again, also when the bank sends it back after it had paid.
func (s *Service) FailPayout(ctx context.Context, by auth.Actor, id, reason string) (PayoutView, error) {
	if err := checkReason(reason); err != nil {
		return PayoutView{}, err
	}
	return s.sayOfPayout(ctx, by, id, "fail", func(tx store.Tx, v *PayoutView) (bool, error) {
		if err := mayPayout(v.State, "fail"); err != nil {
			return false, err
		}
		from := Transit(id)
		if v.State == PayoutPaid {
			from = market.Bank
		}
		v.FailedAt, v.FailedFor = s.millis(ctx), reason
		return true, s.postPayout(ctx, tx, by, v.Payout, "failed", from, v.Account)
	})
}

// sayOfPayout does one act on a payment in a transaction with its record; say reports whether anything changed.
func (s *Service) sayOfPayout(ctx context.Context, by auth.Actor, id, act string, say func(store.Tx, *PayoutView) (bool, error)) (PayoutView, error) {
	var v PayoutView
	err := s.byFinance(ctx, by, func(tx store.Tx) (*deed, error) {
		p, err := payment.PayoutByID(ctx, tx, id)
		if err != nil {
			return nil, found(err, "payment")
		}
		r, err := payment.RunByID(ctx, tx, p.Run)
		if err != nil {
			return nil, err
		}
		v = PayoutView{p, payoutState(r, p)}
		changed, err := say(tx, &v)
		if err != nil || !changed {
			return nil, err
		}
		v.State = payoutState(r, v.Payout)
		err = payment.SetPayout(ctx, tx, v.Payout, p)
		return &deed{act: "payout." + act, subject: "payout/" + id, reason: v.FailedFor, before: p, after: v.Payout}, err
	})
	return v, err
}

func (s *Service) postPayout(ctx context.Context, tx store.Tx, by auth.Actor, p payment.Payout, what, from, to string) error {
	_, _, err := ledger.Post(ctx, tx, ledger.Entry{
		ClientID: "payout/" + p.ID + "/" + what, At: s.millis(ctx), Actor: by.ID(), Kind: "payout_" + what, Subject: "payout/" + p.ID,
		Note: map[string]string{"party": p.Party, "reference": p.Reference}, Postings: []ledger.Posting{inFen(from, to, p.Fen)},
	})
	return err
}

// PayoutRun gives one run; PayoutRuns lists them, newest first. Finance and auditors see them.
func (s *Service) PayoutRun(ctx context.Context, by auth.Actor, id string) (PayoutRunView, error) {
	if !by.Can(auth.Auditor, "") && !by.Can(auth.Finance, "") {
		return PayoutRunView{}, mustBeFinance(by)
	}
	v, err := runView(ctx, s.DB.Read(), id)
	return v, found(err, "payout run")
}

// PayoutRuns lists runs, newest first, after an id.
func (s *Service) PayoutRuns(ctx context.Context, by auth.Actor, after string) ([]PayoutRunView, error) {
	if !by.Can(auth.Auditor, "") && !by.Can(auth.Finance, "") {
		return nil, mustBeFinance(by)
	}
	list, err := payment.Runs(ctx, s.DB.Read(), after, pageSize)
	out := make([]PayoutRunView, 0, len(list))
	for _, r := range list {
		var v PayoutRunView
		if err == nil {
			v, err = runView(ctx, s.DB.Read(), r.ID)
			out = append(out, v)
		}
	}
	return out, err
}

// PayoutFile gives the payments of a run as the bank is to make them: those that are on their way. Before the second yes there are none.
func (s *Service) PayoutFile(ctx context.Context, by auth.Actor, id string) ([]PayoutView, error) {
	if err := mustBeFinance(by); err != nil {
		return nil, err
	}
	v, err := runView(ctx, s.DB.Read(), id)
	if err != nil {
		return nil, found(err, "payout run")
	}
	if v.SecondAt == 0 {
		return nil, payoutFault(v.Payouts[0].State, "file")
	}
	return slices.DeleteFunc(v.Payouts, func(p PayoutView) bool { return p.State != PayoutInTransit }), nil
}

// belongs tells whether an actor is one of a party's own people: not a driver of it and nobody with a mandate alone.
func belongs(by auth.Actor, party string) bool {
	return slices.ContainsFunc(by.Grants, func(g auth.Grant) bool { return g.Party == party && party != "" && g.Role != auth.Driver })
}

// PayoutsTo lists the payments to a party, newest first, after an id: for its own people, those who sell for it, finance and auditors.
func (s *Service) PayoutsTo(ctx context.Context, by auth.Actor, party, after string) ([]PayoutView, error) {
	if !belongs(by, party) && !by.MayActFor(party, auth.ActOffers) && !by.Can(auth.Finance, "") && !by.Can(auth.Auditor, "") {
		return nil, auth.NoSuchParty().In("party")
	}
	list, err := payment.PayoutsTo(ctx, s.DB.Read(), party, after, pageSize)
	out := make([]PayoutView, 0, len(list))
	for _, p := range list {
		if err != nil {
			break
		}
		var r payment.PayoutRun
		r, err = payment.RunByID(ctx, s.DB.Read(), p.Run)
		out = append(out, PayoutView{p, payoutState(r, p)})
	}
	return out, err
}

// SetBankAccount says where a party wants its money. Its own people say it: not its drivers or agents, nor those who pay, who could pay
// themselves.
func (s *Service) SetBankAccount(ctx context.Context, by auth.Actor, a payment.BankAccount) error {
	if !belongs(by, a.Party) {
		return auth.NoSuchParty()
	}
	a.Number = strings.NewReplacer(" ", "", "-", "").Replace(a.Number)
	if f := a.Check(); f != nil {
		return f
	}
	return s.DB.InTx(ctx, func(tx store.Tx) error {
		a.SetAt, a.SetBy = s.millis(ctx), by.ID()
		if err := payment.SetBankAccount(ctx, tx, a); err != nil {
			return err
		}
		masked := a
		masked.Number = a.Masked()
		return record(ctx, tx, by, deed{act: "bank_account.set", subject: "party/" + a.Party, at: a.SetAt, after: masked})
	})
}

// BankAccount shows where a party wants its money, its number masked but for finance.
func (s *Service) BankAccount(ctx context.Context, by auth.Actor, party string) (payment.BankAccount, error) {
	if !slices.Contains(by.Parties(), party) && !by.Can(auth.Finance, "") {
		return payment.BankAccount{}, auth.NoSuchParty()
	}
	a, err := payment.BankAccountOf(ctx, s.DB.Read(), party)
	if err != nil {
		return a, found(err, "bank account")
	}
	if !by.Can(auth.Finance, "") {
		a.Number = a.Masked()
	}
	return a, nil
}

// State is that of the payment which is least far; a failed one counts as ended.
func (v PayoutRunView) State() PayoutState {
	states := []PayoutState{PayoutRefused, PayoutProposed, PayoutApproved, PayoutInTransit, PayoutPaid, PayoutFailed}
	least := len(states) - 1
	for _, p := range v.Payouts {
		least = min(least, slices.Index(states, p.State))
	}
	return states[least]
}

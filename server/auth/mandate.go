package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
)

// MandateState is where a mandate stands.
type MandateState string

// The states of a mandate.
const (
	MandateOffered   MandateState = "offered"   // asked for, no consent yet
	MandateConsented MandateState = "consented" // its first day has not come
	MandateActive    MandateState = "active"
	MandateEnded     MandateState = "ended" // its last day is over, or somebody ended it
)

// How a principal may say yes.
const (
	ByVoice      = "voice"       // a recording
	ByPaperPhoto = "paper_photo" // a photo of a signed paper
	BySMSYes     = "sms_yes"     // a text message that says yes
)

// Mandate lets a user act for a party in some acts, from one instant to another, by recorded consent.
type Mandate struct {
	ID          string         `json:"id"`
	Agent       string         `json:"agent"`     // user
	Principal   string         `json:"principal"` // party
	Acts        []Act          `json:"acts"`
	From        measure.Millis `json:"from"`
	Until       measure.Millis `json:"until"`
	How         string         `json:"how,omitempty"`      // voice, paper_photo or sms_yes; "" before the consent
	Evidence    string         `json:"evidence,omitempty"` // id of the recording, photo or message
	ConsentedAt measure.Millis `json:"consented_at,omitempty"`
	EndedAt     measure.Millis `json:"ended_at,omitempty"`
	EndReason   string         `json:"end_reason,omitempty"`
}

// State is worked out from what was recorded and the time.
func (m Mandate) State(now time.Time) MandateState {
	at := measure.Millis(now.UnixMilli())
	switch {
	case m.EndedAt > 0 || at > m.Until:
		return MandateEnded
	case m.ConsentedAt == 0:
		return MandateOffered
	case at < m.From:
		return MandateConsented
	}
	return MandateActive
}

// MandateOffer asks for a mandate.
type MandateOffer struct {
	Agent       string // user, "" for the one who asks
	Principal   string // party
	Acts        []Act
	From, Until measure.Millis // From 0: now
}

// longestMandate is how long one may last: a harvest year.
const longestMandate = 366 * 24 * time.Hour

// Offer writes down that a user would act for a party. It lets nobody do anything before the consent.
func (s *Service) Offer(ctx context.Context, by Actor, in MandateOffer) (Mandate, error) {
	now := s.now(ctx)
	m := Mandate{ID: store.NewID(), Agent: in.Agent, Principal: in.Principal, Acts: in.Acts, From: in.From, Until: in.Until}
	if m.Agent == "" {
		m.Agent = by.User
	}
	if m.From == 0 {
		m.From = measure.Millis(now.UnixMilli())
	}
	if err := s.checkOffer(ctx, by, m, now); err != nil {
		return Mandate{}, err
	}
	err := s.db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO auth_mandates (id, agent, principal, acts, from_at, until_at, how, evidence, consented_at, ended_at, end_reason)
			VALUES ($1, $2, $3, $4, $5, $6, '', '', 0, 0, '')`,
			m.ID, m.Agent, m.Principal, joinActs(m.Acts), int64(m.From), int64(m.Until))
		if err != nil {
			return fmt.Errorf("offer mandate: %w", err)
		}
		return s.record(ctx, tx, by, "mandate.offer", "mandate/"+m.ID, "", nil, m)
	})
	return m, err
}

func (s *Service) checkOffer(ctx context.Context, by Actor, m Mandate, now time.Time) error {
	if m.Agent != by.User && !by.Can(Operator, "") {
		return fault.At("agent", "not_yourself", "You can only offer to act yourself.")
	}
	if len(m.Acts) == 0 {
		return fault.At("acts", "required", "Say what the mandate is for.")
	}
	for i, act := range m.Acts {
		if !slices.Contains(Acts, act) {
			return fault.At(fmt.Sprintf("acts[%d]", i), "unknown_act", "There is no act called %q.", string(act))
		}
	}
	if m.Until <= m.From || m.Until < measure.Millis(now.UnixMilli()) {
		return fault.At("until", "mandate_window", "A mandate ends after it begins, and not in the past.")
	}
	if time.Duration(m.Until-m.From)*time.Millisecond > longestMandate {
		return fault.At("until", "mandate_too_long", "A mandate lasts %d days at most.", 366)
	}
	known, err := isUser(ctx, s.db.Read(), m.Agent)
	if err == nil && !known {
		err = fault.At("agent", "no_such_user", "There is no such user.")
	}
	if err != nil {
		return err
	}
	return s.checkParty(ctx, "principal", m.Principal)
}

// mayConsent says who writes a consent down: the principal's own people for acts of theirs, a clerk of the principal's or of
// the whole platform, who answers for the evidence, and an operator. An agent can't grant itself a mandate.
func (a Actor) mayConsent(m Mandate) bool {
	if a.Can(Operator, "") || a.Can(Clerk, m.Principal) {
		return true
	}
	return !slices.ContainsFunc(m.Acts, func(act Act) bool { return !a.hasRoleFor(m.Principal, act) })
}

// Consent records the principal's yes: how it was given, and the id of the recording, photo or message. The same consent
// again is harmless. Without the right to record it: fault Forbidden.
func (s *Service) Consent(ctx context.Context, by Actor, id, how, evidence string) (Mandate, error) {
	if !slices.Contains([]string{ByVoice, ByPaperPhoto, BySMSYes}, how) {
		return Mandate{}, fault.At("how", "unknown_consent", "Consent is given by voice, paper_photo or sms_yes.")
	}
	if strings.TrimSpace(evidence) == "" || len(evidence) > 200 {
		return Mandate{}, fault.At("evidence", "required", "Name the recording, photo or message that holds the consent.")
	}
	return s.changeMandate(ctx, by, id, "mandate.consent", "", func(m *Mandate, now measure.Millis) error {
		if !by.mayConsent(*m) {
			return fault.New(fault.Forbidden, "not_yours_to_consent", "The consent is recorded by the principal's own people, a clerk or an operator.")
		}
		if m.ConsentedAt > 0 && (m.How != how || m.Evidence != evidence) {
			return fault.New(fault.Conflict, "consent_recorded", "Another consent is recorded already.")
		}
		if m.ConsentedAt == 0 {
			m.How, m.Evidence, m.ConsentedAt = how, evidence, now
		}
		return nil
	})
}

// End ends a mandate at once. The agent, the principal's own people and an operator may.
func (s *Service) End(ctx context.Context, by Actor, id, reason string) (Mandate, error) {
	return s.changeMandate(ctx, by, id, "mandate.end", reason, func(m *Mandate, now measure.Millis) error {
		if m.EndedAt == 0 {
			m.EndedAt, m.EndReason = now, reason
		}
		return nil
	})
}

func (s *Service) changeMandate(ctx context.Context, by Actor, id, act, reason string, change func(*Mandate, measure.Millis) error) (Mandate, error) {
	var after Mandate
	err := s.db.InTx(ctx, func(tx store.Tx) error {
		before, err := mandateByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !by.touches(before) {
			return noMandate()
		}
		now := s.now(ctx)
		if before.State(now) == MandateEnded {
			return fault.New(fault.Conflict, "mandate_ended", "This mandate has ended.")
		}
		after = before
		if err = change(&after, measure.Millis(now.UnixMilli())); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE auth_mandates SET how = $2, evidence = $3, consented_at = $4, ended_at = $5, end_reason = $6 WHERE id = $1`,
			id, after.How, after.Evidence, int64(after.ConsentedAt), int64(after.EndedAt), after.EndReason)
		if err != nil {
			return fmt.Errorf("%s: %w", act, err)
		}
		return s.record(ctx, tx, by, act, "mandate/"+id, reason, before, after)
	})
	return after, err
}

// touches reports whether the mandate is any of the actor's business.
func (a Actor) touches(m Mandate) bool {
	return a.system || m.Agent == a.User || a.Can(Operator, "") || slices.Contains(a.grantParties(), m.Principal)
}

func (a Actor) grantParties() []string {
	var out []string
	for _, g := range a.Grants {
		if g.Party != "" {
			out = append(out, g.Party)
		}
	}
	return out
}

// Mandates gives the mandates the actor gives or holds, newest first; an operator and an auditor see all.
func (s *Service) Mandates(ctx context.Context, by Actor) ([]Mandate, error) {
	all, err := mandates(ctx, s.db.Read(), `SELECT `+mandateColumns+` FROM auth_mandates ORDER BY id DESC`)
	if err != nil || by.Can(Auditor, "") {
		return all, err
	}
	return slices.DeleteFunc(all, func(m Mandate) bool { return !by.touches(m) }), nil
}

const mandateColumns = `id, agent, principal, acts, from_at, until_at, how, evidence, consented_at, ended_at, end_reason`

func mandateByID(ctx context.Context, q store.Querier, id string) (Mandate, error) {
	list, err := mandates(ctx, q, `SELECT `+mandateColumns+` FROM auth_mandates WHERE id = $1`, id)
	if err != nil {
		return Mandate{}, err
	}
	if len(list) == 0 {
		return Mandate{}, noMandate()
	}
	return list[0], nil
}

func noMandate() error {
	return fault.New(fault.NotFound, "no_such_mandate", "There is no such mandate.")
}

// activeMandates gives what user may do for others at the given time.
func activeMandates(ctx context.Context, q store.Querier, user string, now time.Time) ([]Mandate, error) {
	list, err := mandates(ctx, q, `SELECT `+mandateColumns+` FROM auth_mandates WHERE agent = $1 ORDER BY id`, user)
	return slices.DeleteFunc(list, func(m Mandate) bool { return m.State(now) != MandateActive }), err
}

func mandates(ctx context.Context, q store.Querier, query string, args ...any) ([]Mandate, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read mandates: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []Mandate
	for rows.Next() {
		var m Mandate
		var acts string
		err = rows.Scan(&m.ID, &m.Agent, &m.Principal, &acts, &m.From, &m.Until, &m.How, &m.Evidence, &m.ConsentedAt, &m.EndedAt, &m.EndReason)
		if err != nil {
			return nil, fmt.Errorf("read mandates: %w", err)
		}
		m.Acts = splitActs(acts)
		out = append(out, m)
	}
	return out, rows.Err()
}

func joinActs(acts []Act) string {
	words := make([]string, len(acts))
	for i, a := range acts {
		words[i] = string(a)
	}
	return strings.Join(words, " ")
}

func splitActs(s string) []Act {
	var out []Act
	for _, w := range strings.Fields(s) {
		out = append(out, Act(w))
	}
	return out
}

// record appends to the audit in the act's transaction. before and after are shown as JSON, nil for none.
func (s *Service) record(ctx context.Context, tx store.Tx, by Actor, act, subject, reason string, before, after any) error {
	ev := ledger.Event{At: measure.Millis(s.now(ctx).UnixMilli()), Actor: by.ID(), Act: act, Subject: subject, Reason: reason}
	if by.Mandate != nil {
		ev.Mandate = by.Mandate.ID
	}
	return ledger.Record(ctx, tx, ev, before, after)
}

func isNoRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }

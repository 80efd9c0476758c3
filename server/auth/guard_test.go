package auth_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// Guessing in parallel wins nothing: two passwords are compared at once, so one at most slips in behind the eighth.
func TestParallelGuessesAreLockedOutToo(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := service(db, func() time.Time { return noon })
		user(t, s, "liulin")
		var mu sync.Mutex
		got := map[string]int{}
		var wg sync.WaitGroup
		for range 24 {
			wg.Go(func() {
				_, err := s.SignIn(t.Context(), "liulin", "wrong horse")
				mu.Lock()
				defer mu.Unlock()
				got[code(err)]++
			})
		}
		wg.Wait()
		if got["wrong_password"] > 9 || got["wrong_password"]+got["locked"] != 24 {
			t.Errorf("24 guesses at once: %v", got)
		}
	})
}

func TestSigningInForgivesEarlierSlips(t *testing.T) {
	t.Parallel()
	s := service(storetest.SQLite(t), func() time.Time { return noon })
	user(t, s, "liulin")
	for range 2 {
		for range 7 {
			if _, err := s.SignIn(t.Context(), "liulin", "wrong horse"); code(err) != "wrong_password" {
				t.Fatal(err)
			}
		}
		if _, err := s.SignIn(t.Context(), "liulin", "correct horse"); err != nil {
			t.Fatal(err)
		}
	}
}

// Who could offer and consent alone would own every party: only a clerk takes a consent down for somebody else.
func TestAMandateNeedsAClerkOrThePrincipal(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := service(db, nil)
		ctx := auth.WithTime(t.Context(), noon)
		rival := user(t, s, "rival", auth.Grant{Role: auth.Coop, Party: "p2"})
		offer := auth.MandateOffer{Principal: "p1", Acts: []auth.Act{auth.ActLots}, Until: millis(noon.Add(time.Hour))}
		if _, err := s.Consent(ctx, rival, mandateOf(t, s, rival, offer), auth.ByVoice, "made up"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a rival wrote down the consent of p1: %v", err)
		}
		if a, err := s.ActorOf(ctx, rival.User); err != nil || a.MayActFor("p1", auth.ActLots) {
			t.Errorf("a rival acts for p1, %v", err)
		}

		principal := user(t, s, "principal", auth.Grant{Role: auth.Grower, Party: "p1"})
		if _, err := s.Consent(ctx, principal, mandateOf(t, s, rival, offer), auth.ByVoice, "rec-1"); err != nil {
			t.Errorf("the principal itself: %v", err)
		}
		driver := user(t, s, "driver", auth.Grant{Role: auth.Driver, Party: "p1"})
		if _, err := s.Consent(ctx, driver, mandateOf(t, s, rival, offer), auth.ByVoice, "rec-1"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a driver of p1 gave away its lots: %v", err)
		}
		clerk := user(t, s, "clerk", auth.Grant{Role: auth.Clerk})
		if _, err := s.Consent(ctx, clerk, mandateOf(t, s, clerk, offer), auth.ByVoice, "rec-1"); err != nil {
			t.Errorf("a clerk with a recording: %v", err)
		}
		other := user(t, s, "other", auth.Grant{Role: auth.Clerk, Party: "p2"})
		if _, err := s.Consent(ctx, other, mandateOf(t, s, other, offer), auth.ByVoice, "rec-1"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the clerk of another village: %v", err)
		}
	})
}

func mandateOf(t *testing.T, s *auth.Service, by auth.Actor, in auth.MandateOffer) string {
	t.Helper()
	m, err := s.Offer(auth.WithTime(t.Context(), noon), by, in)
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func TestAMandateWaitsForItsFirstDay(t *testing.T) {
	t.Parallel()
	from, until := noon.Add(time.Hour), noon.Add(2*time.Hour)
	m := auth.Mandate{From: millis(from), Until: millis(until)}
	for _, row := range []struct {
		change func(*auth.Mandate)
		at     time.Time
		want   auth.MandateState
	}{
		{func(*auth.Mandate) {}, from, auth.MandateOffered},
		{func(m *auth.Mandate) { m.ConsentedAt = millis(noon) }, noon, auth.MandateConsented},
		{func(m *auth.Mandate) { m.ConsentedAt = millis(noon) }, from, auth.MandateActive},
		{func(m *auth.Mandate) { m.ConsentedAt = millis(noon) }, until, auth.MandateActive},
		{func(m *auth.Mandate) { m.ConsentedAt = millis(noon) }, until.Add(time.Millisecond), auth.MandateEnded},
		{func(*auth.Mandate) {}, until.Add(time.Millisecond), auth.MandateEnded},
		{func(m *auth.Mandate) { m.ConsentedAt, m.EndedAt = millis(noon), millis(from) }, from, auth.MandateEnded},
	} {
		is := m
		row.change(&is)
		if got := is.State(row.at); got != row.want {
			t.Errorf("%+v at %s is %s, want %s", is, row.at.Format(time.TimeOnly), got, row.want)
		}
	}
}

// An id that means nobody is the caller's mistake, on both engines.
func TestUnknownPeopleAreFaultsNotFailures(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := service(db, nil)
		ctx := auth.WithTime(t.Context(), noon)
		if err := s.Grant(ctx, auth.System("test"), "nobody", auth.Grant{Role: auth.Coop, Party: "p1"}); code(err) != "no_such_user" {
			t.Errorf("a grant to nobody: %v", err)
		}
		u := user(t, s, "liulin")
		if err := s.Grant(ctx, auth.System("test"), u.User, auth.Grant{Role: auth.Coop, Party: "x"}); code(err) != "no_such_party" {
			t.Errorf("a grant in an unknown party: %v", err)
		}
		_, err := s.Offer(ctx, auth.System("test"), auth.MandateOffer{Agent: "nobody", Principal: "p1", Acts: []auth.Act{auth.ActLots}, Until: millis(noon.Add(time.Hour))})
		if f := fault.Of(err); f == nil || f.Field != "agent" {
			t.Errorf("a mandate for nobody: %v", err)
		}
		if _, err = s.CreateUser(ctx, auth.NewUser{Login: "new", Password: "correct horse", Lang: "fr"}); code(err) != "unknown_language" {
			t.Errorf("a user in French: %v", err)
		}
		if _, err = s.CreateUser(ctx, auth.NewUser{Login: "new", Password: "correct horse", Name: strings.Repeat("名", 101)}); code(err) != "bad_name" {
			t.Errorf("a name of 101 characters: %v", err)
		}
	})
}

// A role of one's own needs no mandate, even when one was used a moment ago.
func TestActingByRoleForgetsTheMandate(t *testing.T) {
	t.Parallel()
	a := auth.Actor{User: "u", Grants: []auth.Grant{{Role: auth.Coop, Party: "p2"}}, Mandates: []auth.Mandate{{ID: "m", Principal: "p1", Acts: []auth.Act{auth.ActLots}}}}
	lent, err := a.ActFor("p1", auth.ActLots)
	if err != nil || lent.Mandate == nil {
		t.Fatalf("%+v, %v", lent, err)
	}
	own, err := lent.ActFor("p2", auth.ActLots)
	if err != nil || own.ID() != "user/u" {
		t.Errorf("acts as %q, %v", own.ID(), err)
	}
}

package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"jishi/server/auth"
	"jishi/server/fault"
	"jishi/server/ledger"
	"jishi/server/measure"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

var noon = time.Date(2020, 2, 1, 12, 0, 0, 0, time.UTC)

func millis(t time.Time) measure.Millis { return measure.Millis(t.UnixMilli()) }

func service(db *store.DB, wall func() time.Time) *auth.Service {
	return auth.NewService(auth.Deps{DB: db, Wall: wall, KnownParty: func(_ context.Context, id string) (bool, error) {
		return strings.HasPrefix(id, "p"), nil
	}})
}

func user(t *testing.T, s *auth.Service, login string, grants ...auth.Grant) auth.Actor {
	t.Helper()
	u, err := s.CreateUser(t.Context(), auth.NewUser{Login: login, Password: "correct horse", Name: "N", Lang: "zh"})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if err = s.Grant(t.Context(), auth.System("test"), u.ID, g); err != nil {
			t.Fatal(err)
		}
	}
	a, err := s.ActorOf(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func code(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestASessionLastsUntilItEnds(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		now := noon
		s := service(db, func() time.Time { return now })
		user(t, s, "liulin", auth.Grant{Role: auth.Coop, Party: "p1"})
		first, err := s.SignIn(t.Context(), " LiuLin ", "correct horse")
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.SignIn(t.Context(), "liulin", "correct horse")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Actor(t.Context(), first.Token)
		if err != nil || !a.Can(auth.Coop, "p1") || a.Can(auth.Coop, "p2") || !a.SignedIn() {
			t.Fatalf("actor %+v, %v", a, err)
		}
		if err = s.SignOut(t.Context(), first.Token); err != nil {
			t.Fatal(err)
		}
		if _, err = s.Actor(t.Context(), first.Token); !fault.Is(err, fault.SignIn) {
			t.Errorf("after signing out: %v", err)
		}
		if _, err = s.Actor(t.Context(), second.Token); err != nil {
			t.Errorf("the other session ended too: %v", err)
		}
		now = second.Expires
		if _, err = s.Actor(t.Context(), second.Token); !fault.Is(err, fault.SignIn) {
			t.Errorf("after its end: %v", err)
		}
		if err = s.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left int
		if err = db.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM auth_sessions`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d sessions left, %v", left, err)
		}
	})
}

func TestTheTokenAndThePasswordAreNotKept(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	s := service(db, nil)
	user(t, s, "liulin")
	session, err := s.SignIn(t.Context(), "liulin", "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	var token, password string
	err = db.Read().QueryRowContext(t.Context(), `SELECT token_sha256, password FROM auth_sessions JOIN auth_users ON id = user_id`).Scan(&token, &password)
	if err != nil || token == session.Token || strings.Contains(password, "horse") || !strings.HasPrefix(password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("token %q, password %q, %v", token, password, err)
	}
}

func TestWrongPasswordsLockTheNameForAWhile(t *testing.T) {
	t.Parallel()
	now := noon
	s := service(storetest.SQLite(t), func() time.Time { return now })
	user(t, s, "liulin")
	for range 8 {
		if _, err := s.SignIn(t.Context(), "liulin", "wrong horse"); code(err) != "wrong_password" {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn(t.Context(), "liulin", "correct horse"); code(err) != "locked" {
		t.Errorf("the ninth try: %v", err)
	}
	if _, err := s.SignIn(t.Context(), "nobody", "correct horse"); code(err) != "wrong_password" {
		t.Errorf("an unknown name answers %v", err)
	}
	now = now.Add(16 * time.Minute)
	if _, err := s.SignIn(t.Context(), "liulin", "correct horse"); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
}

func TestCreateUserNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	s := service(storetest.SQLite(t), nil)
	user(t, s, "liulin")
	for _, row := range []struct{ login, password, want string }{
		{"liulin", "correct horse", "login_taken"},
		{"a b", "correct horse", "bad_login"},
		{"", "correct horse", "bad_login"},
		{"new", "short", "bad_password"},
		{"new", strings.Repeat("x", 201), "bad_password"},
		{"new", "\xff\xff\xff\xff\xff\xff\xff\xff\xff", "bad_password"},
	} {
		_, err := s.CreateUser(t.Context(), auth.NewUser{Login: row.login, Password: row.password})
		if code(err) != row.want {
			t.Errorf("%q: %v, want %s", row.login, err, row.want)
		}
	}
}

func TestOnlyOperatorsGrant(t *testing.T) {
	t.Parallel()
	s := service(storetest.SQLite(t), nil)
	a := user(t, s, "liulin", auth.Grant{Role: auth.Coop, Party: "p1"})
	if err := s.Grant(t.Context(), a, a.User, auth.Grant{Role: auth.Operator}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("it made itself an operator: %v", err)
	}
	if err := s.Revoke(t.Context(), auth.System("test"), a.User, auth.Grant{Role: auth.Coop, Party: "p1"}); err != nil {
		t.Fatal(err)
	}
	a, err := s.ActorOf(t.Context(), a.User)
	if err != nil || a.Can(auth.Coop, "p1") {
		t.Errorf("still a cooperative: %+v, %v", a, err)
	}
}

// A village clerk acts for a grower only between consent and end, only in the acts named, and the audit names both.
func TestAMandateWorksFromConsentToItsEnd(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.DB) {
		s := service(db, nil)
		clerk := user(t, s, "clerk", auth.Grant{Role: auth.Clerk})
		ctx := auth.WithTime(t.Context(), noon)
		m, err := s.Offer(ctx, clerk, auth.MandateOffer{Principal: "p71", Acts: []auth.Act{auth.ActLots}, Until: millis(noon.Add(time.Hour))})
		if err != nil || m.State(noon) != auth.MandateOffered {
			t.Fatalf("%+v, %v", m, err)
		}
		actor := func(at time.Time) auth.Actor {
			a, err := s.ActorOf(auth.WithTime(t.Context(), at), clerk.User)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		if actor(noon).MayActFor("p71", auth.ActLots) {
			t.Error("it acts without consent")
		}
		if _, err = s.Consent(ctx, clerk, m.ID, auth.BySMSYes, "sms-1"); err != nil {
			t.Fatal(err)
		}
		if _, err = s.Consent(ctx, clerk, m.ID, auth.BySMSYes, "sms-1"); err != nil {
			t.Errorf("the same consent again: %v", err)
		}
		if _, err = s.Consent(ctx, clerk, m.ID, auth.ByVoice, "rec-1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("another consent over the first: %v", err)
		}
		a, err := actor(noon).ActFor("p71", auth.ActLots)
		if err != nil || a.ID() != "user/"+clerk.User+" for p71 by mandate/"+m.ID {
			t.Errorf("acts as %q, %v", a.ID(), err)
		}
		if actor(noon).MayActFor("p71", auth.ActOrders) || actor(noon).MayActFor("p1", auth.ActLots) {
			t.Error("the mandate reaches further than it says")
		}
		if actor(noon.Add(2*time.Hour)).MayActFor("p71", auth.ActLots) {
			t.Error("it acts after the end")
		}
		stranger := user(t, s, "stranger")
		if _, err = s.End(ctx, stranger, m.ID, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger ended it: %v", err)
		}
		if _, err = s.End(ctx, clerk, m.ID, "moved away"); err != nil {
			t.Fatal(err)
		}
		if actor(noon).MayActFor("p71", auth.ActLots) {
			t.Error("it acts after it was ended")
		}
		events, err := ledger.Events(ctx, db.Read(), "mandate/"+m.ID)
		if err != nil || len(events) != 4 || events[0].Act != "mandate.offer" || events[3].Reason != "moved away" {
			t.Errorf("audit %+v, %v", events, err)
		}
		if list, err := s.Mandates(ctx, stranger); err != nil || len(list) != 0 {
			t.Errorf("a stranger sees %v, %v", list, err)
		}
		if list, err := s.Mandates(ctx, clerk); err != nil || len(list) != 1 {
			t.Errorf("the clerk sees %v, %v", list, err)
		}
	})
}

func TestMandateOfferNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	s := service(storetest.SQLite(t), nil)
	clerk := user(t, s, "clerk")
	ctx := auth.WithTime(t.Context(), noon)
	good := auth.MandateOffer{Principal: "p1", Acts: []auth.Act{auth.ActLots}, Until: millis(noon.Add(time.Hour))}
	for _, row := range []struct {
		change func(*auth.MandateOffer)
		field  string
	}{
		{func(o *auth.MandateOffer) { o.Agent = "somebody else" }, "agent"},
		{func(o *auth.MandateOffer) { o.Acts = nil }, "acts"},
		{func(o *auth.MandateOffer) { o.Acts = []auth.Act{"rule"} }, "acts[0]"},
		{func(o *auth.MandateOffer) { o.Until = millis(noon.Add(-time.Hour)) }, "until"},
		{func(o *auth.MandateOffer) { o.Until = millis(noon.Add(400 * 24 * time.Hour)) }, "until"},
		{func(o *auth.MandateOffer) { o.Principal = "unknown" }, "principal"},
	} {
		in := good
		row.change(&in)
		_, err := s.Offer(ctx, clerk, in)
		if f := fault.Of(err); f == nil || f.Field != row.field {
			t.Errorf("%s: %v", row.field, err)
		}
	}
	if _, err := s.Consent(ctx, clerk, "x", "nod", "e"); fault.Of(err) == nil || fault.Of(err).Field != "how" {
		t.Errorf("a nod: %v", err)
	}
}

func TestActorNames(t *testing.T) {
	t.Parallel()
	if got := (auth.Actor{}).ID(); got != "visitor" {
		t.Error(got)
	}
	if got := auth.System("seed").ID(); got != "system/seed" || !auth.System("seed").Can(auth.Finance, "") {
		t.Error(got)
	}
	a := auth.Actor{User: "u", Grants: []auth.Grant{{Role: auth.Coop, Party: "p2"}, {Role: auth.Dispatcher}}, Mandates: []auth.Mandate{{Principal: "p1"}, {Principal: "p2"}}}
	if got := strings.Join(a.Parties(), " "); got != "p1 p2" {
		t.Error(got)
	}
	if a.MayActFor("", auth.ActLots) {
		t.Error("it acts for nobody in particular")
	}
	var f *fault.Fault
	if _, err := a.ActFor("p3", auth.ActLots); !errors.As(err, &f) || f.Kind != fault.NotFound {
		t.Errorf("another's party: %v", err)
	}
}

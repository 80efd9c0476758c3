package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
	"jishi/server/store"
)

// Deps are what the service stands on.
type Deps struct {
	DB         *store.DB
	Now        Clock                                              // of mandates; nil is SystemClock
	Wall       func() time.Time                                   // of sessions and lock-out; nil is time.Now
	KnownParty func(ctx context.Context, id string) (bool, error) // nil: every party is known
}

// Service signs people in and keeps their grants and mandates.
type Service struct {
	db         *store.DB
	now        Clock
	wall       func() time.Time
	knownParty func(ctx context.Context, id string) (bool, error)
}

// NewService wires the service.
func NewService(d Deps) *Service {
	s := &Service{db: d.DB, now: d.Now, wall: d.Wall, knownParty: d.KnownParty}
	if s.now == nil {
		s.now = SystemClock
	}
	if s.wall == nil {
		s.wall = time.Now
	}
	return s
}

// User is someone who can sign in.
type User struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
	Lang  string `json:"lang,omitempty"` // "zh", "en" or ""
}

// NewUser is what a new user needs.
type NewUser struct {
	ID                          string // "" for a new one
	Login, Password, Name, Lang string
}

const longestName = 100

// CreateUser adds a user. A login in use is a Conflict.
func (s *Service) CreateUser(ctx context.Context, in NewUser) (User, error) {
	login := strings.ToLower(strings.TrimSpace(in.Login))
	if len(login) < 3 || len(login) > 60 || strings.Trim(login, "abcdefghijklmnopqrstuvwxyz0123456789-_.@") != "" {
		return User{}, fault.At("login", "bad_login", "A sign-in name has 3 to 60 letters, digits or - _ . @ characters.")
	}
	if err := checkPassword(in.Password); err != nil {
		return User{}, err
	}
	if n := utf8.RuneCountInString(in.Name); n > longestName || !utf8.ValidString(in.Name) {
		return User{}, fault.At("name", "bad_name", "A name has at most %d characters.", longestName)
	}
	if !slices.Contains([]string{"", "zh", "en"}, in.Lang) {
		return User{}, fault.At("lang", "unknown_language", "The languages are zh and en.")
	}
	hash, err := hashPassword(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	u := User{ID: in.ID, Login: login, Name: strings.TrimSpace(in.Name), Lang: in.Lang}
	if u.ID == "" {
		u.ID = store.NewID()
	}
	err = s.db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO auth_users (id, login, name, lang, password) VALUES ($1, $2, $3, $4, $5)`,
			u.ID, u.Login, u.Name, u.Lang, hash)
		if store.IsUnique(err) {
			return fault.New(fault.Conflict, "login_taken", "The sign-in name %q is taken.", login)
		}
		if err != nil {
			return fmt.Errorf("create user: %w", err)
		}
		return s.record(ctx, tx, System("accounts"), "user.create", "user/"+u.ID, "", nil, u)
	})
	return u, err
}

// Grant gives a user a role. The same grant again is harmless. Only the platform's operators may.
func (s *Service) Grant(ctx context.Context, by Actor, user string, g Grant) error {
	if g.Party != "" {
		if err := s.checkParty(ctx, "party", g.Party); err != nil {
			return err
		}
	}
	return s.changeGrant(ctx, by, user, g, "user.grant", `INSERT INTO auth_grants (user_id, role, party) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
}

// Revoke takes a role away.
func (s *Service) Revoke(ctx context.Context, by Actor, user string, g Grant) error {
	return s.changeGrant(ctx, by, user, g, "user.revoke", `DELETE FROM auth_grants WHERE user_id = $1 AND role = $2 AND party = $3`)
}

func (s *Service) changeGrant(ctx context.Context, by Actor, user string, g Grant, act, statement string) error {
	if !by.Can(Operator, "") {
		return fault.New(fault.Forbidden, "operators_only", "Only an operator gives and takes roles.")
	}
	if !slices.Contains(Roles, g.Role) {
		return fault.At("role", "unknown_role", "There is no role called %q.", string(g.Role))
	}
	return s.db.InTx(ctx, func(tx store.Tx) error {
		known, err := isUser(ctx, tx, user)
		if err == nil && !known {
			err = fault.New(fault.NotFound, "no_such_user", "There is no such user.")
		}
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, statement, user, string(g.Role), g.Party); err != nil {
			return fmt.Errorf("%s: %w", act, err)
		}
		return s.record(ctx, tx, by, act, "user/"+user, "", nil, g)
	})
}

func isUser(ctx context.Context, q store.Querier, id string) (bool, error) {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM auth_users WHERE id = $1`, id).Scan(&one)
	if isNoRow(err) {
		return false, nil
	}
	return err == nil, err
}

// checkParty faults the field when the party is not known.
func (s *Service) checkParty(ctx context.Context, field, party string) error {
	if s.knownParty == nil {
		return nil
	}
	known, err := s.knownParty(ctx, party)
	if err == nil && !known {
		err = UnknownParty(field)
	}
	return err
}

// Session is a sign-in that lasts.
type Session struct {
	Token   string // shown once; only its hash is kept
	User    User
	Expires time.Time
}

// How long a session lasts, and the lock after wrong passwords.
const (
	sessionLasts  = 30 * 24 * time.Hour
	triesAllowed  = 8
	triesForgiven = 15 * time.Minute
)

// SignIn checks the password. Whether the name or the password was wrong is not told; after 8 failures within 15 minutes
// the name is locked for the rest of them (fault TooMany).
func (s *Service) SignIn(ctx context.Context, login, password string) (Session, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if err := s.checkTries(ctx, login); err != nil { // those who are locked out don't queue
		return Session{}, err
	}
	var u User
	err := inTurn(ctx, func() (err error) {
		u, err = s.compare(ctx, login, password)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return s.open(ctx, u)
}

// compare is called in turn, so that guesses sent all at once are counted like guesses sent one by one.
func (s *Service) compare(ctx context.Context, login, password string) (User, error) {
	if err := s.checkTries(ctx, login); err != nil {
		return User{}, err
	}
	u, hash, err := s.userWithHash(ctx, login)
	if err != nil {
		return User{}, err
	}
	if same := samePassword(hash, password); !same || u.ID == "" {
		return User{}, s.failed(ctx, login)
	}
	return u, nil
}

// nobody is compared with when the name is unknown, so that both answers take the same time.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (s *Service) userWithHash(ctx context.Context, login string) (User, string, error) {
	var u User
	var hash string
	err := s.db.Read().QueryRowContext(ctx, `SELECT id, login, name, lang, password FROM auth_users WHERE login = $1`, login).
		Scan(&u.ID, &u.Login, &u.Name, &u.Lang, &hash)
	if isNoRow(err) {
		return User{}, nobody, nil
	}
	if err != nil {
		return User{}, "", fmt.Errorf("sign in: %w", err)
	}
	return u, hash, nil
}

// UserByLogin gives the user of a sign-in name.
func (s *Service) UserByLogin(ctx context.Context, login string) (User, error) {
	u, _, err := s.userWithHash(ctx, strings.ToLower(strings.TrimSpace(login)))
	if err == nil && u.ID == "" {
		err = fault.New(fault.NotFound, "no_such_user", "There is no such user.")
	}
	return u, err
}

func (s *Service) checkTries(ctx context.Context, login string) error {
	var failures int
	err := s.db.Read().QueryRowContext(ctx, `SELECT COUNT(*) FROM auth_failures WHERE login = $1 AND at > $2`,
		login, s.wall().Add(-triesForgiven).UnixMilli()).Scan(&failures)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if failures >= triesAllowed {
		return fault.New(fault.TooMany, "locked", "Too many wrong passwords; try again in %d minutes.", int(triesForgiven/time.Minute))
	}
	return nil
}

func (s *Service) failed(ctx context.Context, login string) error {
	err := s.db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO auth_failures (id, login, at) VALUES ($1, $2, $3)`,
			store.NewID(), clip(login), s.wall().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return fault.New(fault.SignIn, "wrong_password", "Name and password don't fit.")
}

func clip(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "")
	}
	return s
}

// open begins a session and forgives the slips before it.
func (s *Service) open(ctx context.Context, u User) (Session, error) {
	token := make([]byte, 32)
	if _, err := rand.Read(token); err != nil {
		return Session{}, err
	}
	session := Session{Token: base64.RawURLEncoding.EncodeToString(token), User: u, Expires: s.wall().Add(sessionLasts)}
	err := s.db.InTx(ctx, func(tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM auth_failures WHERE login = $1`, u.Login); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO auth_sessions (token_sha256, user_id, expires_at) VALUES ($1, $2, $3)`,
			hashToken(session.Token), u.ID, session.Expires.UnixMilli())
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("sign in: %w", err)
	}
	return session, nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SignOut ends a session. An unknown one is harmless.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM auth_sessions WHERE token_sha256 = $1`, hashToken(token))
		return err
	})
}

// Actor gives the one whose session this is; fault SignIn when it is unknown or over.
func (s *Service) Actor(ctx context.Context, token string) (Actor, error) {
	var user string
	err := s.db.Read().QueryRowContext(ctx, `SELECT user_id FROM auth_sessions WHERE token_sha256 = $1 AND expires_at > $2`,
		hashToken(token), s.wall().UnixMilli()).Scan(&user)
	if isNoRow(err) {
		return Actor{}, fault.New(fault.SignIn, "signed_out", "Your sign-in has ended; please sign in again.")
	}
	if err != nil {
		return Actor{}, fmt.Errorf("read session: %w", err)
	}
	return s.ActorOf(ctx, user)
}

// ActorOf gives a user as an actor, with grants and the mandates active at the clock's time.
func (s *Service) ActorOf(ctx context.Context, user string) (Actor, error) {
	q := s.db.Read()
	a := Actor{User: user}
	err := q.QueryRowContext(ctx, `SELECT name, lang FROM auth_users WHERE id = $1`, user).Scan(&a.Name, &a.Lang)
	if isNoRow(err) {
		return Actor{}, fault.New(fault.SignIn, "signed_out", "Your sign-in has ended; please sign in again.")
	}
	if err != nil {
		return Actor{}, fmt.Errorf("read user: %w", err)
	}
	if a.Grants, err = grantsOf(ctx, q, user); err != nil {
		return Actor{}, err
	}
	a.Mandates, err = activeMandates(ctx, q, user, s.now(ctx))
	return a, err
}

func grantsOf(ctx context.Context, q store.Querier, user string) ([]Grant, error) {
	rows, err := q.QueryContext(ctx, `SELECT role, party FROM auth_grants WHERE user_id = $1 ORDER BY role, party`, user)
	if err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []Grant
	for rows.Next() {
		var g Grant
		if err = rows.Scan(&g.Role, &g.Party); err != nil {
			return nil, fmt.Errorf("read grants: %w", err)
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// Prune forgets sessions that are over and old failures.
func (s *Service) Prune(ctx context.Context) error {
	now := measure.Millis(s.wall().UnixMilli())
	return s.db.InTx(ctx, func(tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM auth_sessions WHERE expires_at <= $1`, int64(now)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM auth_failures WHERE at <= $1`, s.wall().Add(-triesForgiven).UnixMilli())
		return err
	})
}

package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
)

// SignInBody is a name and a password.
type SignInBody struct {
	Login    string `json:"login" maxLength:"100"`
	Password string `json:"password" maxLength:"400"`
}

// SessionBody is a fresh sign-in.
type SessionBody struct {
	Token   string  `json:"token" doc:"For the Authorization: Bearer header; browsers use the cookie"`
	Expires Instant `json:"expires"`
	Me
}

// Me is who is signed in, with roles and the mandates that hold now.
type Me struct {
	User     string        `json:"user" doc:"Id"`
	Name     string        `json:"name"`
	Lang     string        `json:"lang"`
	Grants   []GrantView   `json:"grants"`
	Mandates []MandateView `json:"mandates"`
}

// GrantView is a role in a party, or of the whole platform when the party is empty.
type GrantView struct {
	Role      auth.Role `json:"role"`
	Party     string    `json:"party"`
	PartyName string    `json:"party_name,omitempty"`
}

func (s Services) me(ctx context.Context, a auth.Actor) (Me, error) {
	me := Me{User: a.User, Name: a.Name, Lang: a.Lang, Grants: []GrantView{}, Mandates: []MandateView{}}
	names, err := s.partyNames(ctx, a.Parties())
	for _, g := range a.Grants {
		me.Grants = append(me.Grants, GrantView{g.Role, g.Party, names[g.Party]})
	}
	for _, m := range a.Mandates {
		me.Mandates = append(me.Mandates, mandateView(ctx, m, names))
	}
	return me, err
}

// partyNames gives what names are known.
func (s Services) partyNames(ctx context.Context, ids []string) (map[string]string, error) {
	if s.PartyNames == nil || len(ids) == 0 {
		return nil, nil
	}
	return s.PartyNames(ctx, ids)
}

type sessionAnswer struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      SessionBody
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      struct {
		SignedOut bool `json:"signed_out"`
	}
}

func registerSession(api huma.API, s Services) {
	huma.Register(api, openOperation(http.MethodPost, "/session", "Signs in"), func(ctx context.Context, in *with[SignInBody]) (*sessionAnswer, error) {
		session, err := s.Auth.SignIn(ctx, in.Body.Login, in.Body.Password)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		a, err := s.Auth.ActorOf(ctx, session.User.ID)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		me, err := s.me(ctx, a)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		cookie := sessionCookie(ctx, session.Token)
		cookie.Expires = session.Expires
		return &sessionAnswer{cookie, SessionBody{session.Token, Instant(session.Expires.UnixMilli()), me}}, nil
	})
	huma.Register(api, openOperation(http.MethodDelete, "/session", "Signs out"), func(ctx context.Context, _ *none) (*signedOut, error) {
		if err := s.Auth.SignOut(ctx, requestOf(ctx).token); err != nil {
			return nil, problemOf(ctx, err)
		}
		out := &signedOut{SetCookie: sessionCookie(ctx, "")}
		out.SetCookie.MaxAge = -1
		out.Body.SignedOut = true
		return out, nil
	})
	get(api, "/me", "Shows who is signed in, with roles and active mandates", func(ctx context.Context, by auth.Actor, _ *none) (Me, error) {
		return s.me(ctx, by)
	})
}

// sessionCookie can't be read by a script and isn't sent along from other sites.
func sessionCookie(ctx context.Context, token string) http.Cookie {
	return http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, Secure: requestOf(ctx).secure, SameSite: http.SameSiteLaxMode}
}

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
	User    Person  `json:"user"`
}

// Person is a user with roles.
type Person struct {
	ID       string         `json:"id"`
	Login    string         `json:"login,omitempty"`
	Name     string         `json:"name"`
	Lang     string         `json:"lang,omitempty"`
	Grants   []auth.Grant   `json:"grants"`
	Mandates []auth.Mandate `json:"mandates"`
}

func person(a auth.Actor) Person {
	p := Person{ID: a.User, Name: a.Name, Lang: a.Lang, Grants: a.Grants, Mandates: a.Mandates}
	if p.Grants == nil {
		p.Grants = []auth.Grant{}
	}
	if p.Mandates == nil {
		p.Mandates = []auth.Mandate{}
	}
	return p
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
	huma.Register(api, operation(http.MethodPost, "/session", "Signs in"), func(ctx context.Context, in *with[SignInBody]) (*sessionAnswer, error) {
		session, err := s.Auth.SignIn(ctx, in.Body.Login, in.Body.Password)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		a, err := s.Auth.ActorOf(ctx, session.User.ID)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		p := person(a)
		p.Login = session.User.Login
		cookie := sessionCookie(session.Token)
		cookie.Expires = session.Expires
		return &sessionAnswer{cookie, SessionBody{Token: session.Token, Expires: Instant(session.Expires.UnixMilli()), User: p}}, nil
	})
	huma.Register(api, operation(http.MethodDelete, "/session", "Signs out"), func(ctx context.Context, _ *none) (*signedOut, error) {
		if err := s.Auth.SignOut(ctx, requestOf(ctx).token); err != nil {
			return nil, problemOf(ctx, err)
		}
		out := &signedOut{SetCookie: sessionCookie("")}
		out.SetCookie.MaxAge = -1
		out.Body.SignedOut = true
		return out, nil
	})
	get(api, "/me", "Shows who is signed in, with roles and active mandates", func(_ context.Context, by auth.Actor, _ *none) (Person, error) {
		return person(by), nil
	})
}

// sessionCookie can't be read by a script and isn't sent along from other sites.
func sessionCookie(token string) http.Cookie {
	return http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

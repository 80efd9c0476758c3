package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
)

// program measures orders sent to the whole program over HTTP: sessions, validation, the answer's view and all.
func program(ctx context.Context, c config) error {
	if c.jishi == "" {
		return nil
	}
	folder, err := os.MkdirTemp("", "jishi-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if told, err := exec.CommandContext(ctx, c.jishi, "demo", "--data", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w: %s", err, told)
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	stop, err := startProgram(ctx, address, c.jishi, "serve", "--data", folder, "--addr", address, "--demo")
	if err != nil {
		return err
	}
	return errors.Join(overHTTP(ctx, c, "http://"+address), stop())
}

// site is the running program, and what has been made there.
type site struct {
	client *http.Client
	url    string
	token  string
	party  string // in whose name this one acts
}

func overHTTP(ctx context.Context, c config, url string) error {
	s := site{client: httpClient(c.clients), url: url}
	if err := s.signIn(ctx, "liulin"); err != nil {
		return err
	}
	for _, lots := range []int{1, min(c.lots, 100)} {
		offers := make([]string, lots)
		for i := range offers {
			var err error
			if offers[i], err = s.offer(ctx); err != nil {
				return err
			}
		}
		buyer := site{client: s.client, url: url}
		if err := buyer.signIn(ctx, "donor"); err != nil {
			return err
		}
		t, err := load(ctx, c.clients, c.time, func(ctx context.Context, client, n int) error {
			return send(ctx, buyer.client, http.MethodPost, url+"/api/orders", buyer.token, fmt.Sprintf(`{"buyer": "%s", "lines": [{"offer": "%s", "version": 2, "weight": "6公斤"}]}`,
				buyer.party, offers[(n*c.clients+client*7919)%lots]), nil)
		})
		if err != nil {
			return err
		}
		t.print("order placed, over HTTP", "SQLite", fmt.Sprint(lots))
	}
	return nil
}

func (s *site) signIn(ctx context.Context, login string) error {
	var answer struct{ Token string }
	err := s.ask(ctx, "/api/session", `{"login": "`+login+`", "password": "jishi-demo"}`, &answer)
	if err != nil {
		return err
	}
	s.token = answer.Token
	var who struct{ Grants []struct{ Party string } }
	if err = s.send(ctx, http.MethodGet, "/api/me", "", &who); err != nil || len(who.Grants) == 0 {
		return errors.Join(err, fmt.Errorf("%s acts for nobody", login))
	}
	s.party = who.Grants[0].Party
	return nil
}

func (s *site) ask(ctx context.Context, path, body string, out any) error {
	return s.send(ctx, http.MethodPost, path, body, out)
}

func (s *site) send(ctx context.Context, method, path, body string, out any) error {
	var raw []byte
	if err := send(ctx, s.client, method, s.url+path, s.token, body, &raw); err != nil {
		return err
	}
	return json.Unmarshal(raw, out)
}

// offer puts 600 t up, with its seller's yes said beforehand.
func (s *site) offer(ctx context.Context) (string, error) {
	var lot, offer, ignored struct{ ID string }
	err := s.ask(ctx, "/api/lots", `{"party": "`+s.party+`", "produce": "苹果", "weight": "600吨", "place": {"adcode": "610322"}}`, &lot)
	if err == nil {
		err = s.ask(ctx, "/api/lots/"+lot.ID+"/certificate", `{"number": "bench"}`, &ignored)
	}
	if err == nil {
		err = s.ask(ctx, "/api/offers", `{"lot": "`+lot.ID+`", "price": "6.00元/公斤", "pickup": {}}`, &offer)
	}
	if err == nil {
		err = s.ask(ctx, "/api/offers/"+offer.ID+"/publish", `{}`, &ignored)
	}
	if err == nil {
		err = s.ask(ctx, "/api/offers/"+offer.ID+"/yes-ahead", `{"days": 30}`, &ignored)
	}
	return offer.ID, err
}

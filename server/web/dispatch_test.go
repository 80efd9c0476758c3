package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/measure"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/store/storetest"
)

// noBooks lets every movement of goods pass: the routes are under test, not the accounts.
type noBooks struct{}

func (noBooks) Take(context.Context, store.Tx, auth.Actor, orders.Taking) error { return nil }
func (noBooks) Untake(context.Context, store.Tx, auth.Actor, string, measure.Millis) error {
	return nil
}
func (noBooks) Loaded(context.Context, store.Tx, auth.Actor, orders.Loading) error   { return nil }
func (noBooks) Received(context.Context, store.Tx, auth.Actor, orders.Receipt) error { return nil }
func (noBooks) TakeBack(context.Context, store.Tx, auth.Actor, orders.TakingBack) (string, error) {
	return "", nil
}
func (noBooks) Divert(context.Context, store.Tx, auth.Actor, string, string, measure.Millis) error {
	return nil
}
func (noBooks) PayHaulage(context.Context, store.Tx, auth.Actor, orders.Haulage) error { return nil }
func (noBooks) AskDeposit(context.Context, store.Tx, auth.Actor, orders.Deposit) (orders.Deposit, error) {
	return orders.Deposit{}, nil
}
func (noBooks) EndDeposits(context.Context, store.Tx, auth.Actor, orders.DepositEnd) (map[string]measure.Fen, error) {
	return nil, nil
}

// newDispatchSite serves trucks and trips to a dispatcher who is a carrier too, and to a stranger.
func newDispatchSite(t *testing.T) (dispatcher, stranger site) {
	t.Helper()
	return newDispatchSiteWith(t, orders.ToShip{Allocation: "a1", Order: "o1", Lot: "l1", Seller: "coop", Receiver: "hospital", Produce: "scallion", Grams: 10 * measure.Tonne,
		Packed: true, Packing: "bundle", PackGrams: 10_000, From: orders.Stop{Name: "Fengxiang", Adcode: "610322"}, To: orders.Stop{Name: "Xi'an", Adcode: "610112"}})
}

func newDispatchSiteWith(t *testing.T, waiting ...orders.ToShip) (dispatcher, stranger site) {
	t.Helper()
	db := storetest.SQLite(t)
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2020, 2, 3, 8, 0, 0, 0, china)
	d := dispatch.NewService(dispatch.Deps{DB: db, Books: noBooks{}, Rules: book, Places: atlas, Router: places.NewEstimator(atlas), Now: auth.FixedClock(now),
		ToShip: func(context.Context, store.Querier, ...string) ([]orders.ToShip, error) {
			return waiting, nil
		}})
	t.Cleanup(d.Close)
	s := Services{Auth: auth.NewService(auth.Deps{DB: db}), DB: db, Rules: book, Dispatch: d, Places: atlas}
	config := Config{Photos: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Pages: fstest.MapFS{"index.html": {Data: []byte("app")}}}
	h, err := newWith(config, s, []func(huma.API, Services){registerDispatch})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	_, err = db.Writer().ExecContext(t.Context(), `INSERT INTO parties (id, kind, name, name_en, uscc, place_name, adcode, lon_e6, lat_e6, created_at, created_by)
		VALUES ('carrier', 'carrier', 'Carrier', '', '', '', '610322', 0, 0, 1, 'test')`)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(login string, grants ...auth.Grant) site {
		u, err := s.Auth.CreateUser(t.Context(), auth.NewUser{Login: login, Password: "correct horse", Name: login, Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range grants {
			if err = s.Auth.Grant(t.Context(), auth.System("test"), u.ID, g); err != nil {
				t.Fatal(err)
			}
		}
		session, err := s.Auth.SignIn(t.Context(), login, "correct horse")
		if err != nil {
			t.Fatal(err)
		}
		return site{url: srv.URL, token: session.Token, auth: s.Auth}
	}
	return sign("dispatcher", auth.Grant{Role: auth.Dispatcher}, auth.Grant{Role: auth.Carrier, Party: "carrier"}), sign("stranger", auth.Grant{Role: auth.Carrier, Party: "other"})
}

// A truck is offered, goods are planned on it, the trip is accepted, loaded and delivered, and the waybill is written.
func TestFromTruckToWaybill(t *testing.T) {
	t.Parallel()
	s, stranger := newDispatchSite(t)
	want := func(status int, method, path, body string) map[string]any {
		t.Helper()
		r := s.do(t, method, "/api"+path, body)
		if r.StatusCode != status {
			t.Fatalf("%s %s: %d %s", method, path, r.StatusCode, r.text)
		}
		if r.text[0] != '{' {
			r.text = []byte(`{"list":` + string(r.text) + `}`)
		}
		return r.json(t)
	}
	vehicle := want(200, "POST", "/vehicles", `{"carrier":"carrier","type":"T96-3","plate":"陕C·A1003","plate_colour":"yellow","driver":"D",
		"passes":[{"number":"P1","area":"","from":"2020-01-24","until":"2020-03-31"}]}`)["id"].(string)
	want(200, "POST", "/capacity-offers", `{"vehicle":"`+vehicle+`","place":{"adcode":"610322"},"from":"2020-02-03T06:00:00+08:00",
		"until":"2020-02-05T20:00:00+08:00","price":{"kind":"per_km","amount":"4.50元"}}`)
	plan := want(200, "POST", "/plans", `{"day":"2020-02-03"}`)
	option := plan["options"].([]any)[0].(map[string]any)
	planned := option["trips"].([]any)[0].(map[string]any)
	if fill := planned["fill"].(map[string]any); fill["weight_per_mille"].(float64) != 703 || fill["cube_per_mille"].(float64) != 893 {
		t.Errorf("10 t of scallions on a 9.6 m truck: %v", fill)
	}
	if at := planned["depart_at"].(string); !strings.HasPrefix(at, "2020-02-03T") || !strings.HasSuffix(at, "+08:00") {
		t.Errorf("departs at %q", at)
	}
	id := plan["id"].(string)
	if other := want(200, "GET", "/plans/"+id+"/what-if?day=2020-01-20", ""); other["day"] != "2020-01-20" {
		t.Errorf("what if: %v", other["day"])
	}
	want(422, "GET", "/plans/"+id+"/what-if?day=2020-02-30", "")
	trip := want(200, "POST", "/plans/"+id+"/accept", `{"option":"a"}`)["list"].([]any)[0].(map[string]any)
	path := "/trips/" + trip["id"].(string)
	if r := stranger.do(t, "GET", "/api"+path, ""); r.StatusCode != 404 {
		t.Errorf("a stranger gets %d", r.StatusCode)
	}
	if r := stranger.do(t, "POST", "/api"+path+"/confirm", `{}`); r.StatusCode != 404 {
		t.Errorf("a stranger confirms: %d", r.StatusCode)
	}
	consignment := trip["consignments"].([]any)[0].(map[string]any)["id"].(string)
	want(200, "POST", path+"/confirm", `{}`)
	load := `{"client_id":"scan-1","gross":"20500 kg","tare":"10500 kg","lines":[{"consignment":"` + consignment + `","packs":1000}]}`
	for range 2 {
		want(200, "POST", path+"/stops/0/load", load)
	}
	running := want(200, "POST", path+"/stops/0/depart", `{"acted_at":"2020-02-03T08:00:00+08:00"}`)
	if running["state"] != "running" {
		t.Errorf("state %v", running["state"])
	}
	want(404, "POST", path+"/stops/7/arrive", `{}`)
	bills := want(200, "GET", path+"/waybill", "")["list"].([]any)
	if n := bills[0].(map[string]any)["SerialNumber"]; n != "0000" {
		t.Errorf("serial number %v", n)
	}
	r := s.do(t, "GET", "/api"+path+"/waybill.xml", "")
	if r.StatusCode != 200 || !strings.Contains(string(r.text), "<SerialNumber>0000</SerialNumber>") || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/xml") {
		t.Errorf("%d %s %s", r.StatusCode, r.Header.Get("Content-Type"), r.text)
	}
	checkPaper(t, s, path)
	var list []map[string]any
	if err := json.Unmarshal(s.do(t, "GET", "/api/capacity-offers?carrier=carrier", "").text, &list); err != nil || list[0]["state"] != "full" {
		t.Errorf("the offer is %v, %v", list, err)
	}
}

// checkPaper scans the printed waybill of a trip as somebody who is not signed in.
func checkPaper(t *testing.T, s site, path string) {
	t.Helper()
	link := s.do(t, "GET", "/api"+path+"/papers", "").json(t)["qr"].([]any)[0].(string)
	page, code, _ := strings.Cut(link, "#")
	if page != s.url+path+"/waybill" || strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r > '~' || r == '|' }) {
		t.Errorf("the code leads to %q", link)
	}
	var modules int
	svg := s.do(t, "GET", "/api"+path+"/waybill-qr", "")
	if _, err := fmt.Sscanf(string(svg.text), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d`, &modules); err != nil || modules > 75 {
		t.Errorf("on 30 mm of paper %d modules are narrower than 0.4 mm: %v %.90s", modules, err, svg.text)
	}
	s.token = ""
	said := s.do(t, "GET", "/api"+path+"/waybill-check?code="+code, "")
	v := said.json(t)
	first, to := v["lines"].([]any)[0].(map[string]any), v["lines"].([]any)[3].(map[string]any)
	if said.StatusCode != 200 || v["proof"] != "printed_here" || v["agrees"] != true || v["state"] != "running" || first["recorded"] != "0000" || to["recorded"] != "陕西省西安市未央区" {
		t.Errorf("%d %s", said.StatusCode, said.text)
	}
	said = s.do(t, "GET", "/api"+path+"/waybill-check?code="+code+"0", "")
	if string(said.text) != `{"proof":"not_ours","agrees":false,"lines":[]}`+"\n" {
		t.Errorf("a changed code is told %s", said.text)
	}
	if r := s.do(t, "GET", "/api"+path+"/waybill", ""); r.StatusCode != 401 {
		t.Errorf("the waybill itself: %d", r.StatusCode)
	}
}

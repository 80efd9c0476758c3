package web

import (
	"context"
	"encoding/json"
	"time"

	"jishi/search"
	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/market"
	"jishi/server/notices"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
	"jishi/server/webhooks"
)

// Services are what the areas call.
type Services struct {
	Auth     *auth.Service
	DB       *store.DB
	Market   *market.Service
	Orders   *orders.Service
	Dispatch *dispatch.Service
	Rules    *rules.Book
	Places   *places.Atlas
	Index    search.Index
	// Browse answers a search from the database alone, newest first; Query.After is where it goes on, in its own words.
	Browse func(ctx context.Context, q search.Query) (search.Result, error)
	// CheckSearch gives the *search.InvalidError of a query, or nil.
	CheckSearch func(q search.Query) error
	Notices     *notices.Service
	Webhooks    *webhooks.Service
	Tariff      func(now time.Time) search.Tariff // what haulage costs on a day
	// PartyNames gives the names of parties that are known; nil knows none.
	PartyNames func(ctx context.Context, ids []string) (map[string]string, error)
	Ready      func(ctx context.Context) error // nil: always
}

func quoted(s string) []byte {
	b, _ := json.Marshal(s)
	return b
}

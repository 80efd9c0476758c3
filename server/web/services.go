package web

import (
	"context"
	"encoding/json"
	"time"

	"jishi/search"
	"jishi/server/auth"
	"jishi/server/dispatch"
	"jishi/server/market"
	"jishi/server/orders"
	"jishi/server/places"
	"jishi/server/rules"
	"jishi/server/store"
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
	Tariff   func(now time.Time) search.Tariff // what haulage costs on a day
	// PartyNames gives the names of parties that are known; nil knows none.
	PartyNames func(ctx context.Context, ids []string) (map[string]string, error)
	Ready      func(ctx context.Context) error // nil: always
}

func quoted(s string) []byte {
	b, _ := json.Marshal(s)
	return b
}

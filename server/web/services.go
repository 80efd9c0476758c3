package web

import (
	"context"

	"jishi/server/auth"
	"jishi/server/store"
)

// Services are what the areas call.
type Services struct {
	Auth  *auth.Service
	DB    *store.DB
	Ready func(ctx context.Context) error // nil: always
}

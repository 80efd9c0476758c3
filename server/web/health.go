package web

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"jishi/server/auth"
)

// Health says whether the server can do its work.
type Health struct {
	OK      bool   `json:"ok"`
	Version string `json:"version"`
}

func registerHealth(api huma.API, s Services) {
	openGet(api, "/health", "Says whether the server can do its work", func(ctx context.Context, _ auth.Actor, _ *none) (Health, error) {
		if s.Ready != nil {
			if err := s.Ready(ctx); err != nil {
				return Health{}, err
			}
		}
		return Health{true, version}, nil
	})
}

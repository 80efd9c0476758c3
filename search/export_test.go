package search

import (
	"context"
	"net/http"
)

// Drop removes an index of a test with all that is in it.
func Drop(e *Elastic) error {
	for _, alias := range []string{e.cfg.Index, e.nextAlias()} {
		name, err := e.behind(context.Background(), alias)
		if err != nil {
			return err
		}
		if name == "" {
			continue
		}
		if err := e.do(context.Background(), http.MethodDelete, "/"+name, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// ConfigOf gives the configuration an index was opened with.
func ConfigOf(e *Elastic) ElasticConfig { return e.cfg }

package search

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// nextAlias leads to the index that is being rebuilt. Every writer looks for it, so that writes of other processes reach it too.
func (e *Elastic) nextAlias() string { return e.cfg.Index + "-next" }

// Rebuild implements Index. How far it came is kept in the description of the fresh index.
func (e *Elastic) Rebuild(ctx context.Context) (Rebuild, error) {
	r, err := e.rebuild(ctx)
	if err != nil {
		return nil, fmt.Errorf("start rebuild: %w", err)
	}
	return r, nil
}

func (e *Elastic) rebuild(ctx context.Context) (*elasticRebuild, error) {
	if err := e.ensure(ctx); err != nil {
		return nil, err
	}
	name, err := e.behind(ctx, e.nextAlias())
	if err != nil {
		return nil, err
	}
	if name == "" {
		live, err := e.behind(ctx, e.cfg.Index)
		if err != nil {
			return nil, err
		}
		number, _ := strconv.Atoi(live[strings.LastIndexByte(live, '-')+1:]) // 0 if it was named by hand
		name = e.cfg.Index + "-" + strconv.Itoa(number+1)
		if err := e.create(ctx, name, e.nextAlias(), "-1"); err != nil && !isElastic(err, indexExists) {
			return nil, err
		}
	}
	var found map[string]struct {
		Mappings struct {
			Meta struct{ At string } `json:"_meta"`
		}
	}
	if err := e.do(ctx, http.MethodGet, "/"+name+"/_mapping", nil, &found); err != nil {
		return nil, err
	}
	return &elasticRebuild{e: e, name: name, at: found[name].Mappings.Meta.At}, nil
}

type elasticRebuild struct {
	e    *Elastic
	name string
	at   string
}

// Resumed implements Rebuild.
func (r *elasticRebuild) Resumed() string { return r.at }

// Put implements Rebuild.
func (r *elasticRebuild) Put(ctx context.Context, docs []Document) error {
	all, err := r.e.operations(docs)
	if err != nil {
		return err
	}
	return r.over(r.e.bulk(ctx, all, []string{r.e.nextAlias()}))
}

func (r *elasticRebuild) over(err error) error {
	if isElastic(err, noSuchIndex) {
		return invalid("rebuild", "is over")
	}
	return err
}

// Checkpoint implements Rebuild.
func (r *elasticRebuild) Checkpoint(ctx context.Context, at string) error {
	return r.over(r.e.do(ctx, http.MethodPut, "/"+r.name+"/_mapping", object{"_meta": object{"at": at}}, nil))
}

// Swap implements Rebuild.
func (r *elasticRebuild) Swap(ctx context.Context) error {
	if err := r.swap(ctx); err != nil {
		return fmt.Errorf("swap rebuilt index: %w", err)
	}
	return nil
}

func (r *elasticRebuild) swap(ctx context.Context) error {
	e := r.e
	if name, err := e.behind(ctx, e.nextAlias()); err != nil {
		return err
	} else if name != r.name {
		return invalid("rebuild", "is over")
	}
	live, err := e.behind(ctx, e.cfg.Index)
	if err != nil {
		return err
	}
	if err := e.do(ctx, http.MethodPut, "/"+r.name+"/_settings", object{"index": object{"refresh_interval": "500ms"}}, nil); err != nil {
		return err
	}
	if err := e.do(ctx, http.MethodPost, "/"+r.name+"/_refresh", nil, nil); err != nil {
		return err
	}
	actions := []object{
		{"add": object{"index": r.name, "alias": e.cfg.Index, "is_write_index": true}},
		{"remove": object{"index": r.name, "alias": e.nextAlias()}},
	}
	if live != "" {
		actions = append(actions, object{"remove_index": object{"index": live}})
	}
	return e.do(ctx, http.MethodPost, "/_aliases", object{"actions": actions}, nil)
}

// Abandon implements Rebuild.
func (r *elasticRebuild) Abandon(ctx context.Context) error {
	name, err := r.e.behind(ctx, r.e.nextAlias())
	if err != nil || name != r.name {
		return err
	}
	if err := r.e.do(ctx, http.MethodDelete, "/"+r.name, nil, nil); err != nil {
		return fmt.Errorf("abandon rebuild: %w", err)
	}
	return nil
}

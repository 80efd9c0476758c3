package search

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
)

// ElasticConfig says where the cluster is and what the index is called.
type ElasticConfig struct {
	Addresses []string // http://host:9200, one or more nodes
	APIKey    string   // or Username and Password
	Username  string
	Password  string
	Index     string        // name of the alias; the indexes behind it are numbered. "" is jishi
	Shards    int           // of a new index; 0 is 1
	Replicas  int           // of a new index
	Timeout   time.Duration // of one request; 0 is 10 s
}

// Elastic is an Index in an Elasticsearch 8 cluster. It uses only what the core of the server has: no plugin, no script, no
// analyser. Several processes may write to one index.
type Elastic struct {
	x      *lexicon
	cfg    ElasticConfig
	client *elasticsearch.BaseClient

	mu    sync.Mutex
	ready bool // the alias was seen
}

var indexName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,99}$`)

// OpenElastic connects to a cluster and makes the index if there is none. A cluster that does not answer is not an error:
// each call tries again, and gives ErrUnavailable until it does.
func OpenElastic(ctx context.Context, cfg ElasticConfig, v Vocabulary) (*Elastic, error) {
	if cfg.Index == "" {
		cfg.Index = "jishi"
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 10 * time.Second
	}
	if !indexName.MatchString(cfg.Index) {
		return nil, fmt.Errorf("open elasticsearch: %q can't be the name of an index", cfg.Index)
	}
	if len(cfg.Addresses) == 0 {
		return nil, errors.New("open elasticsearch: no address")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	client, err := elasticsearch.NewBaseClient(elasticsearch.Config{
		Addresses: cfg.Addresses, APIKey: cfg.APIKey, Username: cfg.Username, Password: cfg.Password,
		MaxRetries: len(cfg.Addresses), DisableMetaHeader: true, Transport: transport,
	})
	if err != nil {
		return nil, fmt.Errorf("open elasticsearch: %w", err)
	}
	e := &Elastic{x: newLexicon(v), cfg: cfg, client: client}
	if err := e.ensure(ctx); err != nil && !errors.Is(err, ErrUnavailable) {
		return nil, fmt.Errorf("open elasticsearch: %w", err)
	}
	return e, nil
}

// elasticError is an answer of the server that says no.
type elasticError struct {
	Status int
	Type   string
	Reason string
}

func (e *elasticError) Error() string {
	return fmt.Sprintf("elasticsearch: %d %s: %s", e.Status, e.Type, e.Reason)
}

const (
	noSuchIndex   = "index_not_found_exception"
	indexExists   = "resource_already_exists_exception"
	versionBehind = "version_conflict_engine_exception"
)

func isElastic(err error, kind string) bool {
	var e *elasticError
	return errors.As(err, &e) && e.Type == kind
}

// do sends one request and reads the answer into out, unless that is nil. An answer other than 2xx is an *elasticError; one
// that says the cluster is not fit to answer, and no answer at all, wrap ErrUnavailable.
func (e *Elastic) do(ctx context.Context, method, path string, body, out any) error {
	inner, cancel := context.WithTimeout(ctx, e.cfg.Timeout)
	defer cancel()
	req, err := request(inner, method, path, body)
	if err != nil {
		return err
	}
	res, err := e.client.Perform(req)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return unavailable(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return unavailable(err)
	}
	if res.StatusCode >= 300 {
		return refusal(res.StatusCode, data)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return unavailable(fmt.Errorf("read answer: %w", err))
	}
	return nil
}

// request makes a request; a body that is not bytes already is written as JSON.
func request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	kind := "application/x-ndjson"
	lines, ok := body.([]byte)
	if !ok && body != nil {
		kind = "application/json"
		var err error
		if lines, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("write request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(lines))
	if err != nil {
		return nil, fmt.Errorf("write request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept", "application/json")
	return req, nil
}

func refusal(status int, data []byte) error {
	var answer struct {
		Error json.RawMessage `json:"error"`
	}
	cause := struct{ Type, Reason string }{}
	if json.Unmarshal(data, &answer) == nil && json.Unmarshal(answer.Error, &cause) != nil {
		cause.Reason = string(answer.Error) // some answers name the error in one string
	}
	err := &elasticError{status, cause.Type, cause.Reason}
	if status == http.StatusBadRequest || status == http.StatusNotFound {
		return err
	}
	return unavailable(err)
}

// ensure makes the first index if the alias leads nowhere.
func (e *Elastic) ensure(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ready {
		return nil
	}
	name, err := e.behind(ctx, e.cfg.Index)
	if err != nil {
		return err
	}
	if name == "" {
		if err := e.create(ctx, e.cfg.Index+"-1", e.cfg.Index, "500ms"); err != nil && !isElastic(err, indexExists) {
			return err
		}
	}
	e.ready = true
	return nil
}

// again runs f, once more if the index was gone and could be made anew.
func (e *Elastic) again(ctx context.Context, f func() error) error {
	if err := e.ensure(ctx); err != nil {
		return err
	}
	err := f()
	if !isElastic(err, noSuchIndex) {
		return err
	}
	e.mu.Lock()
	e.ready = false
	e.mu.Unlock()
	if err := e.ensure(ctx); err != nil {
		return err
	}
	if err = f(); isElastic(err, noSuchIndex) {
		return unavailable(err)
	}
	return err
}

// behind gives the index an alias leads to, "" for none.
func (e *Elastic) behind(ctx context.Context, alias string) (string, error) {
	var found map[string]any
	err := e.do(ctx, http.MethodGet, "/_alias/"+alias, nil, &found)
	var no *elasticError
	if errors.As(err, &no) && no.Status == http.StatusNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for name := range found {
		return name, nil
	}
	return "", nil
}

func (e *Elastic) create(ctx context.Context, name, alias, refresh string) error {
	return e.do(ctx, http.MethodPut, "/"+name, map[string]any{
		"settings": map[string]any{
			"number_of_shards": max(1, e.cfg.Shards), "number_of_replicas": e.cfg.Replicas, "refresh_interval": refresh,
		},
		"mappings": elasticMapping(),
		"aliases":  map[string]any{alias: map[string]any{"is_write_index": true}},
	}, nil)
}

// Close implements Index.
func (e *Elastic) Close() error {
	return e.client.Close(context.Background())
}

// Refresh implements Index.
func (e *Elastic) Refresh(ctx context.Context) error {
	return e.again(ctx, func() error { return e.do(ctx, http.MethodPost, "/"+e.cfg.Index+"/_refresh", nil, nil) })
}

// Count implements Index.
func (e *Elastic) Count(ctx context.Context) (int, error) {
	var answer struct{ Count int }
	err := e.again(ctx, func() error {
		return e.do(ctx, http.MethodPost, "/"+e.cfg.Index+"/_count", map[string]any{"query": notDeleted}, &answer)
	})
	return answer.Count, err
}

// Drop deletes the index, and the one that is being rebuilt. The next write makes an empty one.
func (e *Elastic) Drop(ctx context.Context) error {
	for _, alias := range []string{e.nextAlias(), e.cfg.Index} {
		name, err := e.behind(ctx, alias)
		if err == nil && name != "" {
			err = e.do(ctx, http.MethodDelete, "/"+name, nil, nil)
		}
		if err != nil {
			return fmt.Errorf("drop index: %w", err)
		}
	}
	return nil
}

// Usage gives the bytes the live index takes on disk, and the bytes of heap in use on all nodes.
func (e *Elastic) Usage(ctx context.Context) (disk, heap int64, err error) {
	var index struct {
		All struct {
			Primaries struct {
				Store struct {
					Size int64 `json:"size_in_bytes"`
				}
			}
		} `json:"_all"`
	}
	if err := e.do(ctx, http.MethodGet, "/"+e.cfg.Index+"/_stats/store", nil, &index); err != nil {
		return 0, 0, err
	}
	var cluster struct {
		Nodes struct {
			JVM struct {
				Mem struct {
					Heap int64 `json:"heap_used_in_bytes"`
				}
			}
		}
	}
	if err := e.do(ctx, http.MethodGet, "/_cluster/stats", nil, &cluster); err != nil {
		return 0, 0, err
	}
	return index.All.Primaries.Store.Size, cluster.Nodes.JVM.Mem.Heap, nil
}

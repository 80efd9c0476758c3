package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"jishi/server/fault"
	"jishi/server/store"
)

// idempotency makes a request with an Idempotency-Key happen once per person: the same key with the same request gets the
// first answer again, with another request a 422, and while the first is under way a 409 with Retry-After.
//
// Left out are the session, whose answer signs somebody in and must not be kept, and photos, which are named by their content
// anyway and whose form looks different each time it is sent.
type idempotency struct {
	services Services
	log      *slog.Logger
	next     http.Handler
}

// heldFor is how long a request that never answered keeps its key. One is given up after workFor, so its process is gone
// by then.
const (
	workFor = 50 * time.Second
	heldFor = 60 * time.Second
)

// kept is a finished or unfinished request.
type kept struct {
	sum    string
	status int // 0: under way
	kind   string
	body   []byte
	at     int64
}

func (i idempotency) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := requestOf(r.Context()).key
	if key == "" || r.Method == http.MethodGet || r.Method == http.MethodHead || r.URL.Path == "/api/session" || r.URL.Path == "/api/photos" {
		i.next.ServeHTTP(w, r)
		return
	}
	by, err := visitor(r.Context())
	if err != nil { // the handler says so
		i.next.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		err = i.once(w, r, keyOf(by, key), sumOf(r, body))
	}
	if err != nil {
		writeProblem(w, r, problemOf(r.Context(), err))
	}
}

func sumOf(r *http.Request, body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", r.Method, r.URL.RequestURI())
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func (i idempotency) once(w http.ResponseWriter, r *http.Request, key, sum string) error {
	before, mine, err := i.take(r.Context(), key, sum)
	switch {
	case err != nil:
		return err
	case before.sum != sum:
		return fault.At(keyHeader, "key_reused", "This key was used for another request.")
	case before.status != 0:
		w.Header().Set("Content-Type", before.kind)
		w.Header().Set("Idempotent-Replayed", "true")
		w.WriteHeader(before.status)
		_, err = w.Write(before.body)
		return err
	case !mine:
		return fault.New(fault.Conflict, "in_progress", "The same request is being worked on; please ask again in a moment.")
	}
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	defer func() {
		// The answer is kept even when the client has gone.
		if err := i.finish(context.WithoutCancel(r.Context()), key, rec); err != nil {
			i.log.Error("keep answer", "key", key, "error", err)
		}
	}()
	ctx, cancel := context.WithTimeout(r.Context(), workFor)
	defer cancel()
	i.next.ServeHTTP(rec, r.WithContext(ctx))
	return nil
}

// take writes the key down, or gives what is known of it. mine says that this request is to be worked.
func (i idempotency) take(ctx context.Context, key, sum string) (before kept, mine bool, err error) {
	now := time.Now().UnixMilli()
	err = i.services.DB.InTx(ctx, func(tx store.Tx) error {
		before, mine = kept{sum: sum}, true
		err := tx.QueryRowContext(ctx, `SELECT sum, status, kind, body, at FROM web_requests WHERE request_key = $1`, key).
			Scan(&before.sum, &before.status, &before.kind, &before.body, &before.at)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.ExecContext(ctx, `INSERT INTO web_requests (request_key, sum, status, kind, body, at) VALUES ($1, $2, 0, '', '', $3)`, key, sum, now)
			return err
		}
		if err != nil {
			return err
		}
		mine = before.status == 0 && before.sum == sum && now-before.at > heldFor.Milliseconds()
		if mine {
			_, err = tx.ExecContext(ctx, `UPDATE web_requests SET at = $2 WHERE request_key = $1`, key, now)
		}
		return err
	})
	if store.IsUnique(err) {
		return kept{sum: sum}, false, nil
	}
	return before, mine, err
}

// finish keeps the answer. One that asks to try again (5xx, 429, 401) frees the key instead.
func (i idempotency) finish(ctx context.Context, key string, rec *recorder) error {
	return i.services.DB.InTx(ctx, func(tx store.Tx) error {
		var err error
		if rec.status >= 500 || rec.status == http.StatusTooManyRequests || rec.status == http.StatusUnauthorized {
			_, err = tx.ExecContext(ctx, `DELETE FROM web_requests WHERE request_key = $1`, key)
		} else {
			_, err = tx.ExecContext(ctx, `UPDATE web_requests SET status = $2, kind = $3, body = $4 WHERE request_key = $1`,
				key, rec.status, rec.Header().Get("Content-Type"), rec.body.String())
		}
		return err
	})
}

// PruneRequests forgets answers older than a week.
func PruneRequests(ctx context.Context, db *store.DB) error {
	return db.InTx(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM web_requests WHERE at < $1`, time.Now().Add(-7*24*time.Hour).UnixMilli())
		return err
	})
}

// recorder keeps a copy of the answer that it passes on.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

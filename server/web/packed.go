package web

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// packs are the kinds of answer that get smaller by gzip. Pictures, Excel and PDF are packed already, and events have to go out as
// they come.
var packs = []string{"application/json", "application/problem+json", "application/ld+json", "application/openapi+json", "application/xml", "text/csv", "text/html", "image/svg+xml"}

// packsFrom is the least size in bytes that is packed: what fits into one packet anyway gains nothing.
const packsFrom = 1400

// jitter is by how many bytes a packed answer's length may be off, so that lengths tell nothing of what is in an answer beside what
// its reader chose.
const jitter = 32

// packed sends h's answers with gzip to who accepts it.
func packed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(packsFrom), gzhttp.ContentTypes(packs), gzhttp.RandomJitter(jitter, 0, false))
	if err != nil {
		return nil, fmt.Errorf("web: packing: %w", err)
	}
	return wrap(h), nil
}

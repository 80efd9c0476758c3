package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"jishi/server/store/storetest"
)

// What is text and long is sent packed to who accepts it, and says the same; the rest goes as it is.
func TestLongAnswersArePacked(t *testing.T) {
	t.Parallel()
	s := newSite(t, storetest.SQLite(t), false)
	for _, row := range []struct {
		path, accept string
		packed       bool
	}{
		{"/openapi.json", "gzip, br", true}, {"/openapi.json", "identity", false}, {"/openapi.json", "br", false},
		{"/api/me", "gzip", false}, // a few bytes
		{"/api/truck-types", "gzip", true}, {"/api/truck-types.csv", "gzip", true}, {"/api/truck-types.xlsx", "gzip", false},
	} {
		plain := s.do(t, http.MethodGet, row.path, "", "Accept-Encoding", "identity")
		r := s.do(t, http.MethodGet, row.path, "", "Accept-Encoding", row.accept)
		text, packed := r.text, r.Header.Get("Content-Encoding") == "gzip"
		if packed {
			zip, err := gzip.NewReader(bytes.NewReader(r.text))
			if err != nil {
				t.Fatal(err)
			}
			if text, err = io.ReadAll(zip); err != nil {
				t.Fatal(err)
			}
		}
		if r.StatusCode != 200 || packed != row.packed || row.packed && len(r.text) >= len(plain.text)/2 {
			t.Errorf("%s for %s: %d, packed %v, %d bytes of %d", row.path, row.accept, r.StatusCode, packed, len(r.text), len(plain.text))
		}
		if !bytes.Equal(text, plain.text) && json.Valid(plain.text) {
			t.Errorf("%s for %s says something else", row.path, row.accept)
		}
	}
}

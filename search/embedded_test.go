package search_test

import (
	"path/filepath"
	"testing"

	"jishi/search"
	"jishi/search/searchtest"
)

func openEmbedded(t testing.TB, path string) *search.Embedded {
	t.Helper()
	ix, err := search.OpenEmbedded(t.Context(), path, searchtest.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	return ix
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	t.Run("Memory", func(t *testing.T) {
		t.Parallel()
		searchtest.Run(t, func(t *testing.T) search.Index { return openEmbedded(t, "") })
	})
	t.Run("File", func(t *testing.T) {
		t.Parallel()
		searchtest.Run(t, func(t *testing.T) search.Index { return openEmbedded(t, filepath.Join(t.TempDir(), "search.db")) })
	})
}

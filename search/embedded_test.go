package search_test

import (
	"errors"
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

// TestEmbeddedProcesses: a second writer is kept out until the first is gone; readers come and go, and change nothing.
func TestEmbeddedProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "search.db")
	if _, err := search.ReadEmbedded(t.Context(), path, searchtest.Vocabulary()); err == nil {
		t.Error("a reader of a file that is not there")
	}
	one := openEmbedded(t, path)
	if err := one.Put(t.Context(), searchtest.Documents()); err != nil {
		t.Fatal(err)
	}
	if _, err := search.OpenEmbedded(t.Context(), path, searchtest.Vocabulary()); !errors.Is(err, search.ErrInUse) {
		t.Errorf("a second writer: %v, want ErrInUse", err)
	}
	reader, err := search.ReadEmbedded(t.Context(), path, searchtest.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if r, err := reader.Search(t.Context(), search.Query{Text: "苹果", Now: searchtest.Now}); err != nil || r.Total != 5 {
		t.Errorf("a reader finds %d, %v", r.Total, err)
	}
	if err := reader.Put(t.Context(), searchtest.Documents()[:1]); err == nil {
		t.Error("a reader writes")
	}
	if _, err := reader.Rebuild(t.Context()); err == nil {
		t.Error("a reader rebuilds")
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	openEmbedded(t, path)
}

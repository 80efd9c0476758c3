package search_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"jishi/search"
	"jishi/search/searchtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRanking holds each engine to the targets, and to the qualities in its golden file.
func TestRanking(t *testing.T) {
	t.Parallel()
	wants, err := searchtest.Wants()
	if err != nil {
		t.Fatal(err)
	}
	if len(wants) < 120 {
		t.Errorf("%d judged queries, want at least 120", len(wants))
	}
	t.Run("Embedded", func(t *testing.T) {
		t.Parallel()
		holdRanking(t, "embedded", searchtest.Rank(t, func(t *testing.T) search.Index { return openEmbedded(t, "") }))
	})
	t.Run("Elastic", func(t *testing.T) {
		t.Parallel()
		elasticAddress(t)
		there := searchtest.Rank(t, func(t *testing.T) search.Index { return openElastic(t) })
		holdRanking(t, "elastic", there)
		here := searchtest.Rank(t, func(t *testing.T) search.Index { return openEmbedded(t, "") })
		a, b := searchtest.Mean(here), searchtest.Mean(there)
		for name, d := range map[string]float64{"nDCG": a.NDCG - b.NDCG, "MRR": a.MRR - b.MRR, "recall": a.Recall - b.Recall} {
			if d > 0.01 || d < -0.01 {
				t.Errorf("%s of the engines differs by %.4f, want at most 0.01", name, d)
			}
		}
	})
}

func holdRanking(t *testing.T, engine string, judged []searchtest.Judged) {
	t.Helper()
	m := searchtest.Mean(judged)
	t.Logf("%s: nDCG@10 %.4f, MRR %.4f, recall@50 %.4f", engine, m.NDCG, m.MRR, m.Recall)
	if m.NDCG < 0.90 {
		t.Errorf("nDCG@10 is %.4f, want 0.90", m.NDCG)
	}
	if m.MRR < 0.92 {
		t.Errorf("MRR is %.4f, want 0.92", m.MRR)
	}
	golden(t, "ranking-"+engine+".txt", searchtest.Report(judged))
}

// golden compares a text with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was; look at the difference, and write it with -update if it is meant:\n%s", path, got)
	}
}

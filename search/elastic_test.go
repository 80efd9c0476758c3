package search_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"jishi/search"
	"jishi/search/searchtest"
)

var indexes atomic.Int64

// elasticAddress gives the server to try, or skips. In CI there has to be one.
func elasticAddress(t testing.TB) string {
	t.Helper()
	at := os.Getenv("JISHI_ELASTICSEARCH")
	switch {
	case at != "":
	case os.Getenv("CI") == "true":
		t.Fatal("JISHI_ELASTICSEARCH is not set: the contract has to be tried on Elasticsearch too")
	default:
		t.Skip("JISHI_ELASTICSEARCH is not set; scripts/elasticsearch.sh start prints what to set it to")
	}
	return at
}

// openElastic gives a fresh index, which is removed at the end.
func openElastic(t testing.TB) *search.Elastic {
	t.Helper()
	ix, err := search.OpenElastic(t.Context(), search.ElasticConfig{
		Addresses: []string{elasticAddress(t)}, Index: fmt.Sprintf("jishi-test-%d-%d", os.Getpid(), indexes.Add(1)),
	}, searchtest.Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := search.Drop(ix); err != nil {
			t.Error(err)
		}
		_ = ix.Close()
	})
	return ix
}

func TestElastic(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index { return openElastic(t) })
}

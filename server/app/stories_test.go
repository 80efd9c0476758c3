package app

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/server/store/storetest"
)

// Every story beside the demonstration's is told against the real program on both engines, and leaves the books right.
func TestStoriesGoAsTold(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d stories, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if name == mainStory { // has tests of its own
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name+" on sqlite", func(t *testing.T) {
			t.Parallel()
			tellStory(t, name, string(text), "")
		})
		t.Run(name+" on postgres", func(t *testing.T) {
			t.Parallel()
			tellStory(t, name, string(text), storetest.PostgresDSN(t))
		})
	}
}

func tellStory(t *testing.T, name, text, dsn string) {
	t.Helper()
	s, err := open(t.Context(), config{data: t.TempDir(), dsn: dsn, demo: true}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	if err = s.seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err = s.tell(t.Context(), Streams{Out: io.Discard}, "zh", name, text, 0); err != nil {
		t.Fatal(err)
	}
	checkInvariants(t, s)
}

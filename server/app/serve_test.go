package app

import (
	"strings"
	"testing"
)

// A day can be set for a demonstration alone.
func TestServeOnADay(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{"yesterday": "no time like", "2020-02-02T09:00:00+08:00": "for --demo alone"} {
		if code, _, said := run(t.Context(), "serve", "--data", t.TempDir(), "--day", day); code == 0 || !strings.Contains(said, want) {
			t.Errorf("--day %s: %d %s", day, code, said)
		}
	}
}

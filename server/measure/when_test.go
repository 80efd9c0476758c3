package measure_test

import (
	"testing"
	"time"

	"jishi/server/measure"
)

func TestWindowOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2020, 2, 28, 9, 30, 0, 0, time.FixedZone("+08", 8*3600)) // 2020 is a leap year
	for said, want := range map[string]string{
		"明早": "2020-02-29T06:00:00+08:00 2020-02-29T10:00:00+08:00", "后天下午": "2020-03-01T13:00:00+08:00 2020-03-01T18:00:00+08:00",
		"明天 上午": "2020-02-29T08:00:00+08:00 2020-02-29T12:00:00+08:00", "后天": "2020-03-01T06:00:00+08:00 2020-03-01T20:00:00+08:00",
		"明天早上": "2020-02-29T06:00:00+08:00 2020-02-29T10:00:00+08:00", "大后天晚上": "2020-03-02T18:00:00+08:00 2020-03-02T22:00:00+08:00",
		"今早": "2020-02-28T06:00:00+08:00 2020-02-28T10:00:00+08:00", "tomorrow morning": "2020-02-29T06:00:00+08:00 2020-02-29T10:00:00+08:00",
		"下午": "", "2月5日": "", "明早 8点": "", "": "",
	} {
		w, ok := measure.WindowOf(said, now)
		got := ""
		if ok {
			got = w.From.RFC3339() + " " + w.To.RFC3339()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
	}
	if _, ok := measure.WindowOf("今早", now.Add(2*time.Hour)); ok {
		t.Error("a morning that is over was taken for a window")
	}
}

package rules

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// partsOfSources are the parts of every source in the tables, and where each stands.
func partsOfSources(t *testing.T) map[string]string {
	t.Helper()
	entries, err := fs.ReadDir(files, "data")
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, e := range entries {
		for _, r := range records(t, e.Name()) {
			text, _ := r["source"].(string)
			for _, source := range strings.Split(text, "|") {
				for _, part := range strings.Split(source, "; ") {
					parts[part] = e.Name()
				}
			}
		}
	}
	return parts
}

func TestEverySourceIsSaidInChinese(t *testing.T) {
	t.Parallel()
	parts := partsOfSources(t)
	if len(parts) < 90 {
		t.Fatalf("only %d parts of sources were found", len(parts))
	}
	parts[CarriersOffer] = "sources.go"
	name := regexp.MustCompile(`^[a-z0-9.]+( \d+)?$|^yybnet, hzdd17$`) // of a site
	words := regexp.MustCompile(`[a-z]{2,}`)
	for part, where := range parts {
		_, said := sourcesZh()[part]
		if needed := words.MatchString(part) && !name.MatchString(part); needed && !said {
			t.Errorf("%s: no Chinese for %q in sources_zh.json", where, part)
		}
	}
	for part, zh := range sourcesZh() {
		if _, used := parts[part]; !used {
			t.Errorf("no table says %q", part)
		}
		if zh == part || strings.Contains(zh, "; ") || strings.Contains(part, "; ") || strings.Contains(part, "|") {
			t.Errorf("%q is said as %q", part, zh)
		}
	}
}

func TestSourcesInALanguage(t *testing.T) {
	t.Parallel()
	two := Joined(Source{Text: "for tests; last day assumed", Mark: Memory}, Source{Text: "transtec", Mark: Disputed})
	for _, row := range []struct{ text, lang, want string }{
		{two, "en", "for tests; last day assumed°; transtec!"},
		{two, "zh", "测试用；止日是假定的°；transtec!"},
		{"of an older table; for tests", "zh", "of an older table；测试用"},
		{"交运明电〔2020〕56号; last day assumed", "zh", "交运明电〔2020〕56号；止日是假定的"},
		{"", "zh", ""},
	} {
		if got := SourceIn(row.text, row.lang); got != row.want {
			t.Errorf("%q in %s is %q, want %q", row.text, row.lang, got, row.want)
		}
	}
	if got := (Source{Text: "for tests", Mark: Memory}).In("zh"); got != (Source{Text: "测试用", Mark: Memory}) {
		t.Errorf("%+v", got)
	}
}

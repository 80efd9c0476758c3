package wording

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/server/measure"
)

// codesUsed are the codes that the sources of dispatch say, and the single words they name.
func codesUsed(t *testing.T) (said map[string]bool) {
	t.Helper()
	say := regexp.MustCompile(`wording\.(?:Just|Say)\("([a-z_]+)"|\.And\("([a-z_]+)"`)
	said = map[string]bool{}
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile("../" + path)
		for _, m := range say.FindAllStringSubmatch(string(text), -1) {
			said[m[1]+m[2]] = true
		}
		return err
	})
	if err != nil || len(said) < 50 {
		t.Fatalf("found only %d codes, %v", len(said), err)
	}
	return said
}

var gap = regexp.MustCompile(`\{\d\}`)

func gapsOf(text string) []string {
	out := gap.FindAllString(text, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

// Every code that a plan says has a sentence in both languages with the same gaps, and no sentence is left over.
func TestEveryCodeIsWordedInBothLanguages(t *testing.T) {
	t.Parallel()
	used := codesUsed(t)
	for code := range used {
		if _, ok := sentences[code]; !ok {
			t.Errorf("%q is said and has no words", code)
		}
	}
	for code, s := range sentences {
		if !used[code] {
			t.Errorf("nobody says %q", code)
		}
		if s.en == "" || s.zh == "" || !slices.Equal(gapsOf(s.en), gapsOf(s.zh)) {
			t.Errorf("%q: the gaps differ or a language lacks: %q, %q", code, s.en, s.zh)
		}
	}
	for code, s := range vocabulary {
		if s.en == "" || s.zh == "" {
			t.Errorf("word %q lacks a language", code)
		}
	}
}

func TestSentencesAreFilledIn(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text   Text
		en, zh string
	}{
		{Just("payload", Tonnes(5_550_000), OfPlate("陕C·1"), Tonnes(1_700_000)), "It weighs 5.6 t with its packs, 陕C·1 takes 1.7 t.", "连包装重 5.6 吨，陕C·1 只能装 1.7 吨。"},
		{Just("cube", Cubic(12_345_000), OfPlate("A"), Cubic(40_000)), "It takes 12.35 m³, A has 0.04 m³.", "要占 12.35 立方米，A 只有 0.04 立方米。"},
		{Just("cold_band", Named("pork", "猪肉"), Tenths(-15), Tenths(40), Tenths(0), Tenths(100)), "pork needs −1.5 to 4.0 °C, the truck holds 0.0 to 10.0 °C.", "猪肉要 −1.5 到 4.0 °C，这辆车保持 0.0 到 10.0 °C。"},
		{Just("later", Span(3*hour+5*minute)), "3 h 05 min more time would do.", "再宽 3 小时 05 分 就行。"},
		{Just("late_at_goods", OfPlate("A"), At(1_580_724_000_000), At(1_580_720_400_000)), "A is at the goods at 02-03 18:00, they are handed out until 02-03 17:00.", "A 要 02-03 18:00 才到货边，货只发到 02-03 17:00。"},
		{Just("cost_of", Coded("toll"), More(-1250)).And("cost_of", Coded("freight"), More(0)), "toll: −12.50 yuan. freight: +0.00 yuan.", "过路费 −12.50 元。运费 +0.00 元。"},
		{Just("left_behind_people", Count(3), Within(Just("trucks_full"))), "3 people stay behind: The trucks that may carry it are full.", "有 3 人坐不下：能装它的车都满了。"},
		{Just("mostly_empty", OfPlate("A"), Share(440), Share(3244)), "A is filled to 44.0 % of its payload and 324 % of its room: a truck this size is missing elsewhere.", "A 只装了 44.0 % 的重、324 % 的容：这么大的车别处正缺。"},
		{Just("of a later version"), "of a later version", "of a later version"},
	} {
		if got := row.text.In("en"); got != row.en {
			t.Errorf("%q, want %q", got, row.en)
		}
		if got := row.text.In(Chinese); got != row.zh {
			t.Errorf("%q, want %q", got, row.zh)
		}
	}
	if got := Tonnes(49_999).In("en") + Tonnes(50_000).In("en") + Km(499).In("en") + Yuan(measure.Fen(-5)).In("en"); got != "0.00.10−0.05" {
		t.Errorf("rounded as %s", got)
	}
}

package measure

import "testing"

// The first six are the examples of the rule itself; where it allows two ways, the one with 零 before the thousands is taken.
func TestCapitals(t *testing.T) {
	t.Parallel()
	for fen, want := range map[Fen]string{
		1_409_50:       "人民币壹仟肆佰零玖元伍角整",
		6_007_14:       "人民币陆仟零柒元壹角肆分",
		1_680_32:       "人民币壹仟陆佰捌拾元叁角贰分",
		107_000_53:     "人民币壹拾万零柒仟元伍角叁分",
		16_409_02:      "人民币壹万陆仟肆佰零玖元零贰分",
		325_04:         "人民币叁佰贰拾伍元零肆分",
		0:              "人民币零元整",
		5:              "人民币伍分",
		50:             "人民币伍角整",
		59_856_00:      "人民币伍万玖仟捌佰伍拾陆元整",
		100_000_000_00: "人民币壹亿元整",
		100_000_001_00: "人民币壹亿零壹元整",
		30_050_000_00:  "人民币叁仟零伍万元整",
	} {
		if got := fen.Capitals(); got != want {
			t.Errorf("%d fen: %s, want %s", int64(fen), got, want)
		}
	}
}

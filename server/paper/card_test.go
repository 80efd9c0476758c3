package paper

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

// Another sum is another picture, and however long the words are, the picture keeps its size.
func TestCard(t *testing.T) {
	t.Parallel()
	a := Card{Title: "十吨苹果送武汉", NamedUse: "免费给两家医院的医护和病人", Paid: 80_000_00, Loaded: 20_092_000, Accepted: 19_620_000, Lost: 472_000}
	b := a
	b.Paid++
	c := a
	c.Title, c.NamedUse = strings.Repeat("很长的名称", 40), strings.Repeat("use ", 125)
	var seen [][]byte
	for _, card := range []Card{a, b, c} {
		file, err := card.PNG()
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(file))
		if err != nil || picture.Bounds().Dx() != 1200 || picture.Bounds().Dy() != 630 {
			t.Fatalf("%v %v", picture.Bounds(), err)
		}
		for _, other := range seen {
			if bytes.Equal(other, file) {
				t.Error("two gifts have one picture")
			}
		}
		seen = append(seen, file)
	}
}

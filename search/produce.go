package search

import (
	_ "embed"
	"strings"
)

//go:embed produce.txt
var produceTable string

// ProduceNames gives the built-in names of common produce, to start a Vocabulary from.
func ProduceNames() []Produce {
	var out []Produce
	category := ""
	for l := range strings.Lines(produceTable) {
		if c, ok := strings.CutPrefix(l, "= "); ok {
			category = strings.TrimSpace(c)
		}
		c := strings.Split(strings.TrimSpace(l), "|")
		if strings.HasPrefix(l, "#") || len(c) != 4 {
			continue
		}
		p := Produce{Category: category, Name: strings.TrimSpace(c[0]), Aliases: strings.Fields(c[1]), Varieties: strings.Fields(c[2])}
		for e := range strings.SplitSeq(c[3], ",") {
			p.English = append(p.English, strings.TrimSpace(e))
		}
		out = append(out, p)
	}
	return out
}

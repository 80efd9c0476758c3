package rules

import (
	"strings"
	"sync"
)

// CarriersOffer is the source of a price that the carrier itself named.
const CarriersOffer = "the carrier's offer"

// sourcesZh are the parts of sources in Chinese. What stands in no table, such as a paper's number or a site's name, is the same in both.
var sourcesZh = sync.OnceValue(func() map[string]string {
	both := map[string]string{}
	if err := sheet("sources_zh.json", &both); err != nil {
		panic("rules: " + err.Error())
	}
	return both
})

// In gives the source in a language: "zh", or any other for the one it is written in.
func (s Source) In(lang string) Source {
	s.Text = SourceIn(s.Text, lang)
	return s
}

// Joined writes sources one after the other, each with its mark.
func Joined(list ...Source) string {
	var words []string
	for _, src := range list {
		words = append(words, src.Text+src.Mark)
	}
	return strings.Join(words, "; ")
}

// SourceIn gives a source, or several that Joined wrote, in a language: "zh", or any other for the one it is written in. A part
// that the table doesn't hold, such as of a plan that was kept with an older one, stays as it is.
func SourceIn(text, lang string) string {
	if lang != "zh" {
		return text
	}
	parts := strings.Split(text, "; ")
	for i, part := range parts {
		bare := strings.TrimRight(part, Memory+Disputed)
		if said, ok := sourcesZh()[bare]; ok {
			parts[i] = said + part[len(bare):]
		}
	}
	return strings.Join(parts, "；")
}

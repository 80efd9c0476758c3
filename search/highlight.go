package search

const snippetRunes = 120

// highlight marks what the terms of a plan match in the original text.
func (x *lexicon) highlight(d *Document, terms map[string]bool) Highlight {
	return Highlight{Title: x.mark(d.Title, terms, 0), Text: x.mark(d.Text, terms, snippetRunes)}
}

// mark cuts s into matching and other pieces; with limit > 0 it keeps about that many runes around the first match.
func (x *lexicon) mark(s string, terms map[string]bool, limit int) []Piece {
	f := fold(s)
	on := make([]bool, len(f.runes))
	first := -1
	if len(terms) > 0 {
		x.tokenise(f.runes, func(from, to int, _ bool, token string) {
			if !terms[safeToken(token)] {
				return
			}
			for i := from; i < to; i++ {
				on[i] = true
			}
			if first < 0 || from < first {
				first = from
			}
		})
	}
	from, to := 0, len(on)
	if limit > 0 && to > limit {
		from = max(0, min(first-limit/4, to-limit))
		to = from + limit
	}
	return pieces(s, f.at, on, from, to)
}

func pieces(s string, at []int, on []bool, from, to int) []Piece {
	out := []Piece{}
	if from > 0 {
		out = append(out, Piece{Text: "…"})
	}
	for i := from; i < to; {
		j := i
		for j < to && on[j] == on[i] {
			j++
		}
		out = append(out, Piece{s[at[i]:at[j]], on[i]})
		i = j
	}
	if to < len(on) {
		out = append(out, Piece{Text: "…"})
	}
	return out
}

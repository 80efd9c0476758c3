package sheet

import (
	"strings"
	"unicode"
)

// In CSV nothing tells a text from a formula, so WriteCSV puts a guard, one apostrophe, before a text that a spreadsheet might work out,
// and Read takes it away again. One rule serves both ways, risky: whatever stands before the sign, apostrophes too, is passed over.
//
//	written as it is                      苹果   '05 year   '
//	written with one apostrophe more      =1+1 -> '=1+1   '=1+1 -> ''=1+1   " +86 27" -> "' +86 27"
//
// So an apostrophe is taken away before what is risky alone, and there Read finds one that was put there: a text of its own that begins
// with one has got another. A guarded text is a text, no formula. A file of Excel keeps texts apart from formulas, and needs no guard.
const guard = "'"

// risky reports whether a spreadsheet might take a text for a formula, with or without apostrophes, spaces and invisible marks before it.
func risky(s string) bool {
	rest := strings.TrimLeftFunc(s, func(r rune) bool { return r == '\'' || unicode.IsSpace(r) || invisible(r) })
	return rest != "" && (strings.ContainsRune("=+-@", rune(rest[0])) || strings.Contains(s[:len(s)-len(rest)], "\t"))
}

func guarded(s string) string {
	if risky(s) {
		return guard + s
	}
	return s
}

// unguarded takes the guard off a text that has one.
func unguarded(s string) (plain string, had bool) {
	if plain, had = strings.CutPrefix(s, guard); had && risky(plain) {
		return plain, true
	}
	return s, false
}

// invisible reports whether a sign is a mark of the file rather than a part of a text: a byte order mark, or a space without width.
func invisible(r rune) bool { return r == 0xfeff || r == 0x200b }

// oneNewline makes the ends of a text's lines alike: a CSV file has no other way to keep them.
var oneNewline = strings.NewReplacer("\r\n", "\n", "\r", "\n")

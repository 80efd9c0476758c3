package mot

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// format is one entry of the guide's table, such as an..35 or n..18,3.
type format struct {
	number   bool
	exact    bool
	length   int // characters of text, digits of a number
	decimals int
	must     bool
}

// parseFormat reads the tag of a field: the format, then ";must" where it may not be empty.
func parseFormat(tag string) (format, error) {
	text, must := strings.CutSuffix(tag, ";must")
	f := format{must: must, exact: true}
	rest, ok := strings.CutPrefix(text, "an")
	if !ok {
		if rest, ok = strings.CutPrefix(text, "n"); !ok {
			return f, fmt.Errorf("format %q is neither an nor n", tag)
		}
		f.number = true
	}
	if r, up := strings.CutPrefix(rest, ".."); up {
		rest, f.exact = r, false
	}
	length, decimals, _ := strings.Cut(rest, ",")
	var err error
	if f.length, err = strconv.Atoi(length); err == nil && decimals != "" {
		f.decimals, err = strconv.Atoi(decimals)
	}
	if err != nil {
		return f, fmt.Errorf("format %q: %w", tag, err)
	}
	return f, nil
}

// problem says what is wrong with a value, "" when nothing is.
func (f format) problem(value string) string {
	if value == "" {
		if f.must {
			return "missing"
		}
		return ""
	}
	if f.number {
		return f.numberProblem(value)
	}
	return f.lengthProblem(utf8.RuneCountInString(value))
}

func (f format) lengthProblem(n int) string {
	switch {
	case f.exact && n != f.length:
		return fmt.Sprintf("has %d characters, not %d", n, f.length)
	case n > f.length:
		return fmt.Sprintf("has %d characters, at most %d fit", n, f.length)
	}
	return ""
}

func (f format) numberProblem(value string) string {
	whole, part, point := strings.Cut(value, ".")
	if !digits(whole) || point && !digits(part) {
		return "is no number"
	}
	if len(part) != f.decimals {
		return fmt.Sprintf("has %d decimals, not %d", len(part), f.decimals)
	}
	return f.lengthProblem(len(whole) + len(part))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

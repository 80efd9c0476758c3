// Package story reads a story, a plain text of acts and of the numbers they must lead to, and plays it over HTTP
// against a running server.
//
// The same text is the product's test and its demonstration: the test plays it in silence, `jishi demo` prints its
// `say` lines. A story is the comment part of a txtar archive, one command a line; a line that starts with white space
// goes on with the one before. `$name` and `${name}` stand for what `let` kept.
//
//	at 2020-02-01T09:00:00+08:00        the clock of all that follows
//	as clerk                            signs in (the password comes from the player); `as -` is a visitor
//	post [CODE] PATH [JSON]             sends; get, put and delete likewise; without CODE any 2xx is right
//	key TEXT                            the Idempotency-Key of the next request
//	photo WORD                          uploads a picture made of WORD, as /api/photos takes it
//	until PATH VALUE                    asks the last GET again until the value at PATH is VALUE, for at most a minute
//	let NAME PATH                       keeps a value of the last answer
//	want PATH VALUE                     the value at PATH must be VALUE
//	below PATH N [+ N ...]              the number at PATH must be below the sum
//	has PATH TEXT                       the JSON text at PATH must contain TEXT; lacks is the opposite
//	each FILE ... end                   the lines between, once for each row of a CSV file of the archive; its columns are $names
//	title TEXT                          what the story is called
//	step TEXT                           a headline
//	say TEXT                            a line of the demonstration; {PATH}, {PATH|fen}, {PATH|kg} are filled in
//
// A PATH is .name, [3] or [name=value] in any order: `.trips[plate=陕C·A1001].stops[0].place`; .length counts, and
// [+name] adds a number up over a list: `.loads[+goods.net_grams]`.
package story

import (
	"fmt"
	"strings"
)

// Line is one command of a story.
type Line struct {
	Number int                 // in the file, from 1
	Verb   string              // "post", "want", ...
	Rest   string              // all after the verb, continuation lines joined by a space
	Rows   []map[string]string // of `each`: the rows of its file by column
	Body   []Line              // of `each`
}

// Story is a sequence of commands.
type Story struct {
	Name  string
	Title string
	Lines []Line
}

var verbs = map[string]bool{
	"at": true, "as": true, "get": true, "post": true, "put": true, "delete": true, "key": true,
	"photo": true, "until": true, "let": true, "want": true, "has": true, "lacks": true, "step": true, "say": true,
	"below": true, "each": true, "end": true, "title": true,
}

// Parse reads a story. An unknown verb, a continuation of nothing, or an `each` without its file or its end is an error that
// names the line.
func Parse(name, text string) (Story, error) {
	text, files := unpack(text)
	s := Story{Name: name}
	lines, err := split(name, text)
	if err != nil {
		return s, err
	}
	if len(lines) > 0 && lines[0].Verb == "title" {
		s.Title, lines = lines[0].Rest, lines[1:]
	}
	s.Lines, err = nest(name, lines, files)
	return s, err
}

// split cuts the comment part into commands.
func split(name, text string) ([]Line, error) {
	var out []Line
	for i, raw := range strings.Split(text, "\n") {
		line := strings.TrimRight(raw, " \t\r")
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		if line != trimmed && (line[0] == ' ' || line[0] == '\t') {
			if len(out) == 0 {
				return nil, fmt.Errorf("%s:%d: a continuation of nothing", name, i+1)
			}
			out[len(out)-1].Rest += " " + trimmed
			continue
		}
		verb, rest, _ := strings.Cut(trimmed, " ")
		if !verbs[verb] {
			return nil, fmt.Errorf("%s:%d: unknown verb %q", name, i+1, verb)
		}
		out = append(out, Line{Number: i + 1, Verb: verb, Rest: strings.TrimSpace(rest)})
	}
	return out, nil
}

// Steps counts the headlines, for a progress bar.
func (s Story) Steps() int {
	n := 0
	for _, l := range s.Lines {
		if l.Verb == "step" {
			n++
		}
	}
	return n
}

// Until gives the story up to the end of a step, counted from 1; the whole of it when it has no more steps than that.
func (s Story) Until(step int) Story {
	n := 0
	for i, l := range s.Lines {
		if l.Verb != "step" {
			continue
		}
		if n++; n > step {
			return Story{s.Name, s.Title, s.Lines[:i]}
		}
	}
	return s
}

// Package wording puts what a plan has to say into words: a plan keeps codes and numbers, people read Chinese or English.
package wording

import (
	"strconv"
	"strings"
)

// Chinese is the language code that asks for Chinese; with any other sentences are English.
const Chinese = "zh"

// Sentence is one sentence of a plan: a code of the table in words.go, and what its gaps are filled with.
type Sentence struct {
	Code   string  `json:"code"`
	Values []Value `json:"values,omitempty"`
}

// Say makes a sentence.
func Say(code string, values ...Value) Sentence { return Sentence{code, values} }

// In words the sentence. An unknown code, of a plan made by a later version, is shown as it is.
func (s Sentence) In(lang string) string {
	both, ok := sentences[s.Code]
	if !ok {
		return s.Code
	}
	text := both.en
	if lang == Chinese {
		text = both.zh
	}
	for i, v := range s.Values {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", v.In(lang))
	}
	return text
}

// Text is sentences one after the other. As a value of a fault it is worded in the reader's language.
type Text []Sentence

// Just is a text of one sentence.
func Just(code string, values ...Value) Text { return Text{Say(code, values...)} }

// And gives the text with one more sentence; the text itself stays.
func (t Text) And(code string, values ...Value) Text {
	return append(t[:len(t):len(t)], Say(code, values...))
}

// In words the text.
func (t Text) In(lang string) string {
	if lang == Chinese {
		return t.joined(lang, "")
	}
	return t.joined(lang, " ")
}

// List words it as a list: "2 × 6.8 m: apple; 1 × 9.6 m: scallion".
func (t Text) List(lang string) string {
	if lang == Chinese {
		return t.joined(lang, "；")
	}
	return t.joined(lang, "; ")
}

func (t Text) joined(lang, between string) string {
	out := make([]string, 0, len(t))
	for _, s := range t {
		out = append(out, s.In(lang))
	}
	return strings.Join(out, between)
}

// String words it in English.
func (t Text) String() string { return t.In("en") }

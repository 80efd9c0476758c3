// Package fault is the one error type that a person may read.
//
// A service returns a *Fault where the caller can do something about it; anything else is a defect or an outage and is
// shown as a fixed sentence. The web package translates Kind into a status code and Reason into the reader's language,
// in one place.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what went wrong in the terms of the caller, and so which status code the web package answers.
type Kind string

// The kinds, each with its HTTP status.
const (
	Invalid     Kind = "invalid"     // 422: the input can't be used; Field names the culprit
	NotFound    Kind = "not_found"   // 404: no such thing, or none that this actor may know of
	Conflict    Kind = "conflict"    // 409: true a moment ago, or against the rules of the present state
	Forbidden   Kind = "forbidden"   // 403: known actor, known thing, no right to the act
	SignIn      Kind = "sign_in"     // 401: nobody is signed in
	Unavailable Kind = "unavailable" // 503: a part we depend on is away; trying again helps
	TooMany     Kind = "too_many"    // 429: slow down
	TooLarge    Kind = "too_large"   // 413: the request is longer than allowed
)

// Fault is an error whose sentence may be shown to the person who caused it.
type Fault struct {
	Kind  Kind
	Code  string // stable, snake_case, names the sentence in every language: "only_left", "bad_weight"
	Field string // JSON name of the input at fault, "" if none: "weight", "lines[2].grams"
	Text  string // the English sentence
	Args  []any  // what the sentence was filled with, for the other languages
}

// Error gives the English sentence, with the field in front when there is one.
func (f *Fault) Error() string {
	if f.Field == "" {
		return f.Text
	}
	return f.Field + ": " + f.Text
}

// New makes a fault. code is stable and names the sentence; format and args make the English one.
func New(kind Kind, code, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Code: code, Text: fmt.Sprintf(format, args...), Args: args}
}

// At makes an Invalid fault about one field of the input.
func At(field, code, format string, args ...any) *Fault {
	f := New(Invalid, code, format, args...)
	f.Field = field
	return f
}

// In returns a copy of f with its field below parent: In("lines[2]") turns "grams" into "lines[2].grams".
func (f *Fault) In(parent string) *Fault {
	g := *f
	if g.Field == "" {
		g.Field = parent
	} else {
		g.Field = parent + "." + g.Field
	}
	return &g
}

// Within puts what err says of the caller's input below parent, as In does; any other error, and nil, stay as they are.
func Within(err error, parent string) error {
	if f := Of(err); f != nil {
		return f.In(parent)
	}
	return err
}

// OfField says of a fault that names no field which one it is about; any other error, and nil, stay as they are.
func OfField(err error, field string) error {
	if f := Of(err); f != nil && f.Field == "" {
		return f.In(field)
	}
	return err
}

// Of finds the fault in a chain of wrapped errors, or returns nil: then the error is ours, not the caller's.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Is reports whether err is, or wraps, a fault of this kind.
func Is(err error, kind Kind) bool {
	f := Of(err)
	return f != nil && f.Kind == kind
}

// Package planfile reads problems and writes plans as JSON, in the form of docs/solver.schema.json.
package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"jishi/server/dispatch/pdptw"
)

// Input is a problem file: a Problem, and what makes one plan better than another.
type Input struct {
	pdptw.Problem
	Objective string `json:"objective"` // "lexicographic" (also when empty) or "total_cost"
}

// mostBytes bounds a file.
const mostBytes = 1 << 30

// SyntaxError names the line and the field of a file that can't be used.
type SyntaxError struct {
	Line  int    // from 1
	Field string // a path such as requests[3].pickup.windows[0], "" for the whole line
	Why   string
}

func (e *SyntaxError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Why)
	}
	return fmt.Sprintf("line %d, %s: %s", e.Line, e.Field, e.Why)
}

// Read reads a problem and checks it. The error is a *SyntaxError, or the reader's.
func Read(r io.Reader) (*pdptw.Problem, pdptw.Objective, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostBytes))
	if err != nil {
		return nil, 0, err
	}
	var in Input
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, 0, located(text, d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, 0, &SyntaxError{lineAt(text, d.InputOffset()), "", "something follows the end of the problem"}
	}
	objective, ok := map[string]pdptw.Objective{"": pdptw.Lexicographic, "lexicographic": pdptw.Lexicographic, "total_cost": pdptw.TotalCost}[in.Objective]
	if !ok {
		return nil, 0, &SyntaxError{lineOf(text, "objective"), "objective", fmt.Sprintf("is lexicographic or total_cost, not %.20q", in.Objective)}
	}
	if err := in.Check(); err != nil {
		var wrong *pdptw.InputError
		if errors.As(err, &wrong) {
			return nil, 0, &SyntaxError{lineOf(text, wrong.Where), wrong.Where, wrong.Why}
		}
		return nil, 0, err
	}
	return &in.Problem, objective, nil
}

// located turns an error of the decoder into one with line and field.
func located(text []byte, at int64, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return &SyntaxError{lineAt(text, syntax.Offset), "", "is not JSON: " + syntax.Error()}
	case errors.As(err, &kind):
		return &SyntaxError{lineAt(text, kind.Offset), strings.TrimPrefix(kind.Field, "Problem."), fmt.Sprintf("a %s can't stand here", kind.Value)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &SyntaxError{lineAt(text, int64(len(text))), "", "the file ends before the problem does"}
	}
	why := strings.TrimPrefix(err.Error(), "json: ")
	if name, ok := strings.CutPrefix(why, "unknown field "); ok {
		return &SyntaxError{lineAt(text, int64(bytes.Index(text, []byte(name)))+1), strings.Trim(name, `"`), "there is no such field"}
	}
	return &SyntaxError{lineAt(text, at), "", why}
}

func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:max(0, min(offset-1, int64(len(text))))], []byte("\n"))
}

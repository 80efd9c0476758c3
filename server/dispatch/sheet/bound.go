package sheet

import (
	"slices"

	"jishi/server/dispatch"
	"jishi/server/dispatch/wording"
)

// takeBound takes out the loads that must ride with one that is not there, and those that must ride with these. rows names
// the row of each load for the notes.
func takeBound(q *dispatch.Question, rows map[string]string) (notes []dispatch.Note) {
	there := map[string]bool{}
	for _, l := range q.Loads {
		there[l.Allocation] = true
	}
	for gone := true; gone; {
		gone = false
		q.Loads = slices.DeleteFunc(q.Loads, func(l dispatch.Load) bool {
			n := slices.IndexFunc(l.With, func(id string) bool { return !there[id] })
			if n < 0 {
				return false
			}
			there[l.Allocation], gone = false, true
			notes = append(notes, dispatch.Note{Item: rows[l.Allocation], Said: wording.Just("row_with_gone", wording.Named(clip(l.With[n]), ""))})
			return true
		})
	}
	return notes
}

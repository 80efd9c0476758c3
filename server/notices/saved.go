package notices

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"jishi/server/fault"
	"jishi/server/measure"
)

// Saved is a search that a user keeps.
type Saved struct {
	ID        string
	User      string
	Name      string
	Query     json.RawMessage // what the page asked for; this package does not look into it
	Alert     bool            // its owner hears of each new listing that it finds
	CreatedAt measure.Millis
}

// MaxSaved is how many searches one user may keep.
const MaxSaved = 50

const (
	maxName  = 60   // characters
	maxQuery = 4096 // bytes
)

// check gives the fault of what is to be kept, or nil.
func (s Saved) check() error {
	switch n := utf8.RuneCountInString(s.Name); {
	case strings.TrimSpace(s.Name) == "":
		return fault.At("name", "required", "This can't be empty.")
	case n > maxName:
		return fault.At("name", "too_long", "At most %d characters, please.", maxName)
	case len(s.Query) > maxQuery:
		return fault.At("query", "too_long", "At most %d characters, please.", maxQuery)
	}
	return nil
}

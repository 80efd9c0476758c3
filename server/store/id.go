package store

import (
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"
)

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID gives a new key of 26 characters: lower-case Crockford base 32 of a version 7 UUID (RFC 9562), so that later ids
// sort after earlier ones, to the millisecond.
func NewID() string {
	id := uuid.Must(uuid.NewV7())
	return crockford.EncodeToString(id[:])
}

// IDFrom gives the first id of an instant: every id made from then on sorts behind it.
func IDFrom(at time.Time) string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	return crockford.EncodeToString(id[:])
}

// IDTime gives the instant in which an id was made, by the clock of the server that made it; false for what is no id.
func IDTime(id string) (time.Time, bool) {
	raw, err := crockford.DecodeString(id)
	if err != nil || len(raw) != len(uuid.UUID{}) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(raw) >> 16)), true
}

// IsID reports whether s has the form of a key. Anything else can't name a row.
func IsID(s string) bool {
	if len(s) != 26 {
		return false
	}
	return strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

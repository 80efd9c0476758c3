package store

import (
	"encoding/base32"
	"strings"

	"github.com/google/uuid"
)

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID gives a new key of 26 characters: lower-case Crockford base 32 of a version 7 UUID (RFC 9562), so that later ids
// sort after earlier ones, to the millisecond.
func NewID() string {
	id := uuid.Must(uuid.NewV7())
	return crockford.EncodeToString(id[:])
}

// IsID reports whether s has the form of a key. Anything else can't name a row.
func IsID(s string) bool {
	if len(s) != 26 {
		return false
	}
	return strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

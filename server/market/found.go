package market

import (
	"database/sql"
	"errors"

	"jishi/server/fault"
)

// found turns the lack of a row into the fault that names what is missing.
func found(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(what)
	}
	return err
}

// notFound is the answer for what is not there and for what is another's private thing alike.
func notFound(what string) error {
	return fault.New(fault.NotFound, "not_found", "There is no such %s, or it is not open to you.", what)
}

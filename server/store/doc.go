// Package store opens the database, runs transactions on it and brings its tables up to date.
//
// There are two engines and one SQL text. SQLite is the default: one file, one writer, nothing to install. PostgreSQL
// is for several servers side by side. Statements use $1 ... $n, TEXT ids, BIGINT amounts and unix milliseconds, BOOLEAN,
// and TEXT that holds JSON; never floats for amounts, LIKE, FOR UPDATE or OFFSET.
//
// A service calls InTx and hands the Tx down; functions that take a Tx never begin one. The function given to InTx may
// run twice, because PostgreSQL may ask for a serializable transaction to be tried again: it touches nothing but the Tx.
package store

// Package jobs does work in the background that commits with the row that asked for it.
//
// A service inserts a job in its own transaction: if the transaction rolls back there is no job, if it commits the job
// survives a crash and is worked at least once. So a job's function must be harmless when it runs twice. A failing job is
// tried again, later each time, and in the end kept as discarded for a person to look at.
//
// The queue is River (https://riverqueue.com, MPL-2.0) in the same database: on SQLite through the one writing
// connection, on PostgreSQL through pgx, which hears of a new job by notification. No other package imports it.
package jobs

// Package ledger moves grams and fen between accounts, and nothing else does.
//
// A posting takes an integer amount from one account to another. Every account holds zero or more, except those below
// "world/", which stand for the outside: the harvest, the bank, what rotted. Overselling, paying twice and losing
// kilograms are therefore not checked for here and there; they can't be written down.
//
// Postings that belong together form an entry. An entry carries a client id, made by whoever asks for it: the same
// client id with the same content has one effect however often it is sent; with other content it is refused. Money under
// a restriction (the named use of a gift) moves only to the outside, to an account under the same restriction, or by an
// entry whose Use names it.
//
// Entries and audit events are appended in the transaction of the act. A job seals them later, in order and in batches,
// into one SHA-256 chain, so that no hot row serialises the writers. Verify recomputes everything: hashes, chain, and
// balances from postings.
package ledger

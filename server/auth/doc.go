// Package auth says who is acting and what they may do.
//
// An Actor is a signed-in user with grants: a role in the scope of one party, or of the whole platform. Somebody may also
// act for another party under a mandate, given with recorded consent: a village clerk lists a grower's apples, and the
// audit names both. A service asks the actor (MayActFor, ActFor); it never asks a session.
//
// Passwords are kept as argon2id hashes (RFC 9106; 19 MiB, 2 passes), at most two computed at once; session tokens as
// SHA-256, so that a copy of the database signs nobody in.
package auth

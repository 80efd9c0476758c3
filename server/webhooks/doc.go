// Package webhooks tells other systems, by HTTP, what happens to a party's orders, trips, needs, offers and campaigns.
//
// The scheme is that of Standard Webhooks 1.0.0 (https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md):
// a POST with webhook-id, webhook-timestamp and webhook-signature, signed with HMAC-SHA256 under a secret of the webhook's own. Its
// libraries check our messages.
//
// A message is written in the transaction of what it tells, so that none is lost and none tells of what was rolled back. It is sent
// at least once; a repeat carries the same webhook-id. First tries go out in the order of the events; a message that was refused is
// tried again on its own, later each time, while the next ones go on. So a message holds names and no numbers: whoever hears it asks
// the interface for the thing as it is, with leave of its own.
package webhooks

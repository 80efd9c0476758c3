// Package market keeps who has what and who needs what: parties, lots, offers, demands and campaigns.
//
// Amounts of goods and money are balances of the ledger and never columns; the state of an offer, a demand or a
// campaign is worked out from what people did (its Act), from those balances and from the clock.
package market

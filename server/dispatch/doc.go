// Package dispatch turns what was agreed into trips: it finds trucks for goods, explains the plan under the rules of a
// day, and follows each trip from the offer to the carrier until the last proof of delivery.
//
// What is on a truck, accepted, rejected or lost is never stored here: it is read off the ledger's balances through
// package orders. What is stored is the plan, the promise of the carrier and the events that people reported.
package dispatch

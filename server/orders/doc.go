// Package orders keeps what buyer and seller agreed, promised and paid.
//
// An order's lines and prices are rows; everything that moves, goods and money, is a posting of the ledger, and the
// state of an order is worked out from both. Dispatch moves the goods by Take, Loaded and Received within its own
// transaction.
package orders

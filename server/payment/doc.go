// Package payment takes money in: it knows the lines of bank statements, the references they quote, and which of them
// were seen before. What a payment is for is its caller's to say.
package payment

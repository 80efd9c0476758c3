// Package payment is the edge where money comes in and goes back: the payment service (Gateway), the lines of bank statements, and
// the references they quote. It keeps what was said there, each thing once. What a payment is for, and where its money belongs, is
// its caller's to say.
package payment

// Package fakepay is a payment service for demonstrations and tests: it speaks the part of Stripe's HTTP protocol that package
// payment uses, in the same shapes, keeps its state in memory, and moves no money. It has a page to pay on, signs its events, and
// can send them late, twice or in another order. No key and no network is needed.
//
// What it answers follows Stripe's API reference of version 2023-10-16; paymenttest asks it and Stripe's own mock the same.
package fakepay

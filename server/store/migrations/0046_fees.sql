-- What the payment service kept of a payment; below zero while it has not said so.
ALTER TABLE checkouts ADD COLUMN fee BIGINT NOT NULL DEFAULT -1;
CREATE INDEX checkouts_fee ON checkouts (id) WHERE fee < 0;

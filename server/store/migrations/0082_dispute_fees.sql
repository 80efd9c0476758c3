-- What the payment service kept of our account for a dispute, as booked: it is not of the payment.
ALTER TABLE gateway_disputes ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;

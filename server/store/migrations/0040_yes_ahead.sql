-- A seller's yes said beforehand: orders of the offer are confirmed as they come, until the given time, while there is
-- enough left of the lot.

CREATE TABLE yes_ahead (
    offer_id TEXT PRIMARY KEY REFERENCES offers (id),
    until    BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    by_actor TEXT NOT NULL
);

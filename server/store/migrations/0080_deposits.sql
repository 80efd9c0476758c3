-- What the two sides of an order of an offer put up, in 1/1000 of the price of orders at least so heavy; fixed before the offer is on sale.
CREATE TABLE offer_deposits (
    offer_id        TEXT PRIMARY KEY REFERENCES offers (id),
    buyer_permille  BIGINT NOT NULL CHECK (buyer_permille BETWEEN 0 AND 200),
    seller_permille BIGINT NOT NULL CHECK (seller_permille BETWEEN 0 AND 200),
    from_grams      BIGINT NOT NULL CHECK (from_grams >= 0),
    set_at          BIGINT NOT NULL,
    set_by          TEXT NOT NULL
);

-- What somebody puts up for a promise. Its money is in the account deposit/<id>; what became of it is read off the ledger.
CREATE TABLE deposits (
    id            TEXT PRIMARY KEY,
    for_kind      TEXT NOT NULL, -- order, capacity
    for_id        TEXT NOT NULL,
    party_id      TEXT NOT NULL REFERENCES parties (id), -- who puts it up
    other_id      TEXT NOT NULL REFERENCES parties (id), -- who gets it when the promise is broken
    other_account TEXT NOT NULL,                         -- and where
    reference     TEXT NOT NULL UNIQUE,
    fen           BIGINT NOT NULL CHECK (fen > 0),
    asked_at      BIGINT NOT NULL,
    until         BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL,
    ended_for     TEXT NOT NULL
);
CREATE INDEX deposits_for ON deposits (for_id, id);
CREATE INDEX deposits_open ON deposits (until, id) WHERE ended_at = 0;

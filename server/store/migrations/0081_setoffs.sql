-- A weight of a settled order that was found wrong. The settlement stays as it is; what changes is paid or taken with the next payout.
CREATE TABLE corrections (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id),
    consignment TEXT NOT NULL REFERENCES takings (consignment),
    line_id     TEXT NOT NULL REFERENCES order_lines (id),
    grams       BIGINT NOT NULL CHECK (grams <> 0), -- more accepted, or less
    reason      TEXT NOT NULL,
    photo       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    made_by     TEXT NOT NULL
);
CREATE INDEX corrections_order ON corrections (order_id, id);

-- What one party owes another through us, by a correction or for a loss on the road. fen is what the holder of an account gets more, below
-- zero: what it got too much. What of it is still to move is in the account setoff/<id>.
CREATE TABLE setoffs (
    id           TEXT PRIMARY KEY,
    order_id     TEXT NOT NULL REFERENCES orders (id),
    why          TEXT NOT NULL, -- correction, loss
    ref          TEXT NOT NULL, -- the correction, or the order line
    kind         TEXT NOT NULL, -- of settlement_lines
    party_id     TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen <> 0),
    debtor       TEXT NOT NULL, -- party
    from_account TEXT NOT NULL,
    to_account   TEXT NOT NULL
);
CREATE INDEX setoffs_order ON setoffs (order_id, id);
CREATE INDEX setoffs_from ON setoffs (from_account, id);

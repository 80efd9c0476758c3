-- What was agreed, promised and paid. Grams and fen that moved are balances of the ledger; here are the words of the
-- agreement (asked grams, price) and who did what when.

CREATE TABLE orders (
    id           TEXT PRIMARY KEY,
    buyer_id     TEXT NOT NULL REFERENCES parties (id),
    seller_id    TEXT NOT NULL REFERENCES parties (id),
    campaign_id  TEXT NOT NULL,
    named_use    TEXT NOT NULL,
    act          TEXT NOT NULL,
    reason       TEXT NOT NULL,
    warnings     TEXT NOT NULL,
    reference    TEXT NOT NULL UNIQUE,
    invoice_fen  BIGINT NOT NULL CHECK (invoice_fen >= 0),
    mandate      TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    answer_until BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    settled_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL
);
CREATE INDEX orders_buyer ON orders (buyer_id, id);
CREATE INDEX orders_seller ON orders (seller_id, id);
CREATE INDEX orders_campaign ON orders (campaign_id, id);

CREATE TABLE order_lines (
    id         TEXT PRIMARY KEY,
    order_id   TEXT NOT NULL REFERENCES orders (id),
    n          BIGINT NOT NULL,
    offer_id   TEXT NOT NULL REFERENCES offers (id),
    lot_id     TEXT NOT NULL REFERENCES lots (id),
    grams      BIGINT NOT NULL CHECK (grams > 0),
    offered    BIGINT NOT NULL CHECK (offered >= 0),
    price_e4   BIGINT NOT NULL CHECK (price_e4 >= 0),
    benefit_e4 BIGINT NOT NULL CHECK (benefit_e4 >= 0)
);
CREATE UNIQUE INDEX order_lines_order ON order_lines (order_id, n);
CREATE INDEX order_lines_lot ON order_lines (lot_id, id);

CREATE TABLE allocations (
    id        TEXT PRIMARY KEY,
    order_id  TEXT NOT NULL REFERENCES orders (id),
    line_id   TEXT NOT NULL REFERENCES order_lines (id),
    demand_id TEXT NOT NULL REFERENCES demands (id),
    grams     BIGINT NOT NULL CHECK (grams > 0)
);
CREATE UNIQUE INDEX allocations_line ON allocations (line_id, demand_id);
CREATE INDEX allocations_order ON allocations (order_id, id);
CREATE INDEX allocations_demand ON allocations (demand_id, id);

-- One row per consignment: a part of one allocation on one trip.
CREATE TABLE takings (
    consignment    TEXT PRIMARY KEY,
    allocation_id  TEXT NOT NULL REFERENCES allocations (id),
    order_id       TEXT NOT NULL REFERENCES orders (id),
    line_id        TEXT NOT NULL REFERENCES order_lines (id),
    lot_id         TEXT NOT NULL REFERENCES lots (id),
    demand_id      TEXT NOT NULL REFERENCES demands (id),
    taken_grams    BIGINT NOT NULL CHECK (taken_grams > 0),
    taken_at       BIGINT NOT NULL,
    untaken_at     BIGINT NOT NULL,
    loaded_at      BIGINT NOT NULL,
    loaded_client  TEXT NOT NULL,
    loaded_grams   BIGINT NOT NULL,
    received_at    BIGINT NOT NULL,
    received_client TEXT NOT NULL,
    reject_reason  TEXT NOT NULL,
    breach         BOOLEAN NOT NULL
);
CREATE INDEX takings_order ON takings (order_id, consignment);
CREATE INDEX takings_allocation ON takings (allocation_id, consignment);
CREATE INDEX takings_demand ON takings (demand_id, consignment);

-- The receiver's word that the delivery stands. Silence of 72 hours counts as one without a row here.
CREATE TABLE acceptances (
    order_id  TEXT NOT NULL REFERENCES orders (id),
    demand_id TEXT NOT NULL REFERENCES demands (id),
    at        BIGINT NOT NULL,
    by_user   TEXT NOT NULL,
    PRIMARY KEY (order_id, demand_id)
);

-- What a receiver holds against goods that were received. granted of the claimed grams count as rejected; act is open,
-- agreed (by the seller), ruled (by an operator) or withdrawn.
CREATE TABLE claims (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id),
    consignment TEXT NOT NULL REFERENCES takings (consignment),
    demand_id   TEXT NOT NULL REFERENCES demands (id),
    grams       BIGINT NOT NULL CHECK (grams > 0),
    granted     BIGINT NOT NULL CHECK (granted >= 0),
    reason      TEXT NOT NULL,
    photo       TEXT NOT NULL,
    act         TEXT NOT NULL,
    decision    TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    decided_at  BIGINT NOT NULL,
    decided_by  TEXT NOT NULL
);
CREATE INDEX claims_order ON claims (order_id, id);

-- Lines of bank statements. matched_kind is order, campaign or empty; matched_id the one it paid.
CREATE TABLE bank_lines (
    id           TEXT PRIMARY KEY,
    client_id    TEXT NOT NULL UNIQUE,
    reference    TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    paid_at      BIGINT NOT NULL,
    payer        TEXT NOT NULL,
    matched_kind TEXT NOT NULL,
    matched_id   TEXT NOT NULL,
    imported_at  BIGINT NOT NULL,
    imported_by  TEXT NOT NULL
);
CREATE INDEX bank_lines_matched ON bank_lines (matched_id, id);

-- The settlement as it was explained, line by line. account is where fen went, empty for a line that only explains.
CREATE TABLE settlement_lines (
    order_id   TEXT NOT NULL REFERENCES orders (id),
    n          BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    line_id    TEXT NOT NULL,
    party_id   TEXT NOT NULL,
    grams      BIGINT NOT NULL,
    price_e4   BIGINT NOT NULL,
    fen        BIGINT NOT NULL,
    account    TEXT NOT NULL,
    note       TEXT NOT NULL,
    PRIMARY KEY (order_id, n)
);

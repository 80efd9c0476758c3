-- Carts, backorders, substitutes, drafts of standing orders, orders stopped half-way, and who ordered.
ALTER TABLE orders ADD COLUMN cart_id TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN backorder_of TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN quotation_id TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN standing_id TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN ordered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN stopped_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX orders_cart ON orders (cart_id, id);
CREATE INDEX orders_month ON orders (buyer_id, ordered_by, submitted_at);

-- instead_of names the line that a substitute replaces.
ALTER TABLE order_lines ADD COLUMN instead_of TEXT NOT NULL DEFAULT '';

-- What a receiver refused of its part before it was on a trip.
ALTER TABLE allocations ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;

-- What a buyer's people may order alone, in fen, and who says yes to more. per_month and up_to 0: no bound.
CREATE TABLE order_limits (
    party_id  TEXT NOT NULL REFERENCES parties (id),
    user_id   TEXT NOT NULL,
    per_order BIGINT NOT NULL CHECK (per_order >= 0),
    per_month BIGINT NOT NULL CHECK (per_month >= 0),
    PRIMARY KEY (party_id, user_id)
);
CREATE TABLE order_approvers (
    party_id TEXT NOT NULL REFERENCES parties (id),
    n        BIGINT NOT NULL,
    user_id  TEXT NOT NULL,
    up_to    BIGINT NOT NULL CHECK (up_to >= 0),
    PRIMARY KEY (party_id, n)
);
CREATE TABLE order_approvals (
    order_id TEXT NOT NULL REFERENCES orders (id),
    n        BIGINT NOT NULL,
    user_id  TEXT NOT NULL,
    yes      BOOLEAN NOT NULL,
    reason   TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (order_id, n)
);

-- A buyer's question to one seller; all of one RFQ share rfq_id. act is the last act of a person, or expired.
CREATE TABLE quotations (
    id         TEXT PRIMARY KEY,
    rfq_id     TEXT NOT NULL,
    buyer_id   TEXT NOT NULL REFERENCES parties (id),
    seller_id  TEXT NOT NULL REFERENCES parties (id),
    produce    TEXT NOT NULL,
    grams      BIGINT NOT NULL CHECK (grams > 0),
    demand_id  TEXT NOT NULL,
    need_by    BIGINT NOT NULL,
    why        TEXT NOT NULL,
    act        TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    order_id   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    asked_at   BIGINT NOT NULL,
    asked_by   TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX quotations_buyer ON quotations (buyer_id, id);
CREATE INDEX quotations_seller ON quotations (seller_id, id);
CREATE INDEX quotations_rfq ON quotations (rfq_id, id);

-- Every price that was named, by which side.
CREATE TABLE quotation_terms (
    quotation_id TEXT NOT NULL REFERENCES quotations (id),
    n            BIGINT NOT NULL,
    side         TEXT NOT NULL,
    offer_id     TEXT NOT NULL REFERENCES offers (id),
    price_e4     BIGINT NOT NULL CHECK (price_e4 > 0),
    grams        BIGINT NOT NULL CHECK (grams > 0),
    note         TEXT NOT NULL,
    warning      TEXT NOT NULL,
    at           BIGINT NOT NULL,
    by_user      TEXT NOT NULL,
    PRIMARY KEY (quotation_id, n)
);

-- A purchase made again every week; each week a draft, or a word for why there is none.
CREATE TABLE standing_orders (
    id        TEXT PRIMARY KEY,
    buyer_id  TEXT NOT NULL REFERENCES parties (id),
    seller_id TEXT NOT NULL REFERENCES parties (id),
    produce   TEXT NOT NULL,
    grams     BIGINT NOT NULL CHECK (grams > 0),
    most_e4   BIGINT NOT NULL CHECK (most_e4 >= 0),
    weekday   BIGINT NOT NULL,
    demand_id TEXT NOT NULL,
    act       TEXT NOT NULL,
    next_at   BIGINT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   BIGINT NOT NULL
);
CREATE INDEX standing_orders_buyer ON standing_orders (buyer_id, id);
CREATE INDEX standing_orders_next ON standing_orders (next_at, id);
CREATE TABLE standing_runs (
    standing_id TEXT NOT NULL REFERENCES standing_orders (id),
    day         TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (standing_id, day)
);

-- The days on which an offer takes orders, and steps of its price by weight (JSON, empty for none).
ALTER TABLE offers ADD COLUMN order_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN order_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN tiers TEXT NOT NULL DEFAULT '';

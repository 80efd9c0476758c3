-- The fair share that a line of an order was worked out from: the working with its inputs, as JSON, and the needs that were in it.
ALTER TABLE order_lines ADD COLUMN share_method TEXT NOT NULL DEFAULT '';
CREATE TABLE order_shares (
    line_id  TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    at       BIGINT NOT NULL,
    working  TEXT NOT NULL
);
CREATE INDEX order_shares_order ON order_shares (order_id, line_id);
CREATE TABLE order_share_needs (
    demand_id TEXT NOT NULL REFERENCES demands (id),
    line_id   TEXT NOT NULL REFERENCES order_shares (line_id),
    PRIMARY KEY (demand_id, line_id)
);

-- Receipts for money that came into a campaign. A series is a year; its numbers have no holes. What a receipt says is kept as it
-- was said. entry is the ledger entry of the money: one receipt each.
CREATE TABLE receipts (
    series      TEXT NOT NULL,
    n           BIGINT NOT NULL CHECK (n > 0),
    entry       TEXT NOT NULL UNIQUE,
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    donor_id    TEXT NOT NULL REFERENCES parties (id),
    donor_name  TEXT NOT NULL,
    title       TEXT NOT NULL,
    named_use   TEXT NOT NULL,
    fen         BIGINT NOT NULL CHECK (fen > 0),
    paid_at     BIGINT NOT NULL,
    issued_at   BIGINT NOT NULL,
    issued_by   TEXT NOT NULL,
    PRIMARY KEY (series, n)
);
CREATE INDEX receipts_donor ON receipts (donor_id, series, n);

-- Giving: what donors promise to a campaign, and trips that carriers give. Instants are unix milliseconds.

-- A pledge (认捐) is a donor's promise of money. What came in for it are bank lines that quote its reference. unspent says where
-- the donor's part of what a campaign leaves over goes: back, or on to the next named use.
CREATE TABLE pledges (
    id          TEXT PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    donor_id    TEXT NOT NULL REFERENCES parties (id),
    fen         BIGINT NOT NULL CHECK (fen > 0),
    unspent     TEXT NOT NULL,
    named       BOOLEAN NOT NULL,
    reference   TEXT NOT NULL UNIQUE,
    made_at     BIGINT NOT NULL,
    pay_until   BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    created_by  TEXT NOT NULL
);
CREATE INDEX pledges_campaign ON pledges (campaign_id, id);
CREATE INDEX pledges_donor ON pledges (donor_id, id);

-- Haulage that a carrier gave: its value is shown, no fen moves.
CREATE TABLE donated_haulage (
    client_id   TEXT PRIMARY KEY,
    trip_id     TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    carrier_id  TEXT NOT NULL REFERENCES parties (id),
    fen         BIGINT NOT NULL CHECK (fen > 0),
    at          BIGINT NOT NULL
);
CREATE INDEX donated_haulage_campaign ON donated_haulage (campaign_id, client_id);

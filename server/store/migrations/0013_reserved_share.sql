-- The yearly promise of a budget unit to buy a share of its food from poor counties (预留份额): budget of food, share in 1/1000, and
-- the last month in which it wants to have bought it.
CREATE TABLE reserve_plans (
    party_id    TEXT NOT NULL REFERENCES parties (id),
    year        BIGINT NOT NULL,
    budget_fen  BIGINT NOT NULL CHECK (budget_fen > 0),
    per_mille   BIGINT NOT NULL CHECK (per_mille > 0),
    until_month BIGINT NOT NULL CHECK (until_month >= 1 AND until_month <= 12),
    set_at      BIGINT NOT NULL,
    set_by      TEXT NOT NULL,
    PRIMARY KEY (party_id, year)
);
CREATE INDEX orders_settled ON orders (settled_at, id);

-- Prices so far from what markets pay that an operator looks at them, with the band as it was read on the day. line_id is empty
-- for an offer. verdict is empty until the case is closed; reserved: the buyer has a plan of its reserved share that year.
CREATE TABLE price_cases (
    id         TEXT PRIMARY KEY,
    side       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    line_id    TEXT NOT NULL,
    seller_id  TEXT NOT NULL REFERENCES parties (id),
    buyer_id   TEXT NOT NULL,
    produce    TEXT NOT NULL,
    grams      BIGINT NOT NULL,
    price_e4   BIGINT NOT NULL,
    low_e4     BIGINT NOT NULL,
    high_e4    BIGINT NOT NULL,
    bound_e4   BIGINT NOT NULL,
    band_from  TEXT NOT NULL,
    band_to    TEXT NOT NULL,
    source     TEXT NOT NULL,
    reserved   BOOLEAN NOT NULL,
    opened_at  BIGINT NOT NULL,
    taken_by   TEXT NOT NULL,
    taken_at   BIGINT NOT NULL,
    verdict    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    closed_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX price_cases_subject ON price_cases (subject, line_id);

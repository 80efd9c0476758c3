-- Paying through the payment service. A checkout is one page on which somebody may pay one sum for one order or campaign; act is
-- what was last said of it. What was returned, and what is in dispute, are rows of their own; the money itself is in the ledger.
CREATE TABLE checkouts (
    id           TEXT PRIMARY KEY,
    client_id    TEXT NOT NULL UNIQUE,
    for_kind     TEXT NOT NULL,
    for_id       TEXT NOT NULL,
    payer        TEXT NOT NULL REFERENCES parties (id),
    fen          BIGINT NOT NULL CHECK (fen > 0),
    lang         TEXT NOT NULL,
    until        BIGINT NOT NULL,
    act          TEXT NOT NULL,
    session      TEXT NOT NULL,
    url          TEXT NOT NULL,
    intent       TEXT NOT NULL,
    got          BIGINT NOT NULL,
    got_currency TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL
);
CREATE INDEX checkouts_for ON checkouts (for_id, id);
CREATE INDEX checkouts_intent ON checkouts (intent, id);
CREATE INDEX checkouts_act ON checkouts (act, id);

-- Everything the payment service told, as it told it. outcome is empty while it waits to be worked.
CREATE TABLE gateway_events (
    id          TEXT PRIMARY KEY,
    type        TEXT NOT NULL,
    body        TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    outcome     TEXT NOT NULL,
    worked_at   BIGINT NOT NULL
);
CREATE INDEX gateway_events_outcome ON gateway_events (outcome, received_at, id);

CREATE TABLE gateway_refunds (
    id          TEXT PRIMARY KEY,
    checkout_id TEXT NOT NULL REFERENCES checkouts (id),
    party       TEXT NOT NULL REFERENCES parties (id),
    fen         BIGINT NOT NULL CHECK (fen > 0),
    act         TEXT NOT NULL,
    theirs      TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL
);
CREATE INDEX gateway_refunds_checkout ON gateway_refunds (checkout_id, id);
CREATE INDEX gateway_refunds_act ON gateway_refunds (act, id);

CREATE TABLE gateway_disputes (
    id          TEXT PRIMARY KEY,
    checkout_id TEXT NOT NULL REFERENCES checkouts (id),
    fen         BIGINT NOT NULL CHECK (fen > 0),
    act         TEXT NOT NULL,
    reason      TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    closed_at   BIGINT NOT NULL
);
CREATE INDEX gateway_disputes_checkout ON gateway_disputes (checkout_id, id);

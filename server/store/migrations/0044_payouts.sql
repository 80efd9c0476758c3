-- Where a party wants its money. Set by its own people, never by those who pay.
CREATE TABLE bank_accounts (
    party_id TEXT PRIMARY KEY REFERENCES parties (id),
    holder   TEXT NOT NULL,
    bank     TEXT NOT NULL,
    number   TEXT NOT NULL,
    set_at   BIGINT NOT NULL,
    set_by   TEXT NOT NULL
);

-- Payments that leave together. Who said yes and when, and 0 or empty where nobody has.
CREATE TABLE payout_runs (
    id          TEXT PRIMARY KEY,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    first_at    BIGINT NOT NULL,
    first_by    TEXT NOT NULL,
    second_at   BIGINT NOT NULL,
    second_by   TEXT NOT NULL,
    refused_at  BIGINT NOT NULL,
    refused_by  TEXT NOT NULL,
    refused_for TEXT NOT NULL
);

-- One payment of a run. account is where the money comes from in the ledger; holder, bank and number are those of the day it was made.
-- proof is the bank's own number of the payment; no two payments have the same.
CREATE TABLE payouts (
    id         TEXT PRIMARY KEY,
    run_id     TEXT NOT NULL REFERENCES payout_runs (id),
    party_id   TEXT NOT NULL REFERENCES parties (id),
    account    TEXT NOT NULL,
    reference  TEXT NOT NULL UNIQUE,
    fen        BIGINT NOT NULL CHECK (fen > 0),
    holder     TEXT NOT NULL,
    bank       TEXT NOT NULL,
    number     TEXT NOT NULL,
    proof      TEXT NOT NULL,
    paid_at    BIGINT NOT NULL,
    failed_at  BIGINT NOT NULL,
    failed_for TEXT NOT NULL
);
CREATE INDEX payouts_run ON payouts (run_id, id);
CREATE INDEX payouts_party ON payouts (party_id, id);
CREATE INDEX payouts_account ON payouts (account, id);
CREATE UNIQUE INDEX payouts_proof ON payouts (proof) WHERE proof <> '';

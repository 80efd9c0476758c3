-- A buyer that pays after delivery, against one invoice a month: how much it may owe, and how many days after the month's end it pays.
CREATE TABLE credit_terms (
    party_id  TEXT PRIMARY KEY REFERENCES parties (id),
    limit_fen BIGINT NOT NULL CHECK (limit_fen >= 0),
    days      BIGINT NOT NULL,
    set_at    BIGINT NOT NULL,
    set_by    TEXT NOT NULL
);

CREATE TABLE invoices (
    id        TEXT PRIMARY KEY,
    buyer_id  TEXT NOT NULL REFERENCES parties (id),
    month     TEXT NOT NULL, -- 2020-02
    reference TEXT NOT NULL UNIQUE,
    fen       BIGINT NOT NULL CHECK (fen > 0),
    due_at    BIGINT NOT NULL,
    made_at   BIGINT NOT NULL,
    made_by   TEXT NOT NULL
);
CREATE INDEX invoices_buyer ON invoices (buyer_id, id);

-- An order stands on one invoice: with what was accepted, and what was due of it then.
CREATE TABLE invoice_lines (
    order_id   TEXT PRIMARY KEY REFERENCES orders (id),
    invoice_id TEXT NOT NULL REFERENCES invoices (id),
    grams      BIGINT NOT NULL,
    fen        BIGINT NOT NULL CHECK (fen > 0)
);
CREATE INDEX invoice_lines_invoice ON invoice_lines (invoice_id, order_id);

-- A payer's word that it has transferred: a photo of the slip, or a note. for_kind is order or invoice.
CREATE TABLE transfer_proofs (
    id       TEXT PRIMARY KEY,
    for_kind TEXT NOT NULL,
    for_id   TEXT NOT NULL,
    photo    TEXT NOT NULL,
    note     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    by_user  TEXT NOT NULL
);
CREATE INDEX transfer_proofs_for ON transfer_proofs (for_id, id);

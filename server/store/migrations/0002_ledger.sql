-- Postings move integer amounts between accounts; an entry is a set of postings that happen together.
-- unit is 'g' (grams) or 'fen'. Accounts below world/ are the outside and may go below zero; their balances are summed,
-- not kept, so that no hot row serialises the writers.

CREATE TABLE ledger_entries (
	id          TEXT PRIMARY KEY,
	client_id   TEXT NOT NULL UNIQUE,
	at          BIGINT NOT NULL,
	actor       TEXT NOT NULL,
	kind        TEXT NOT NULL,
	subject     TEXT NOT NULL,
	body        TEXT NOT NULL,
	body_sha256 TEXT NOT NULL
);

CREATE INDEX ledger_entries_subject ON ledger_entries (subject, id);

CREATE TABLE ledger_postings (
	entry        TEXT NOT NULL REFERENCES ledger_entries (id),
	n            BIGINT NOT NULL,
	unit         TEXT NOT NULL CHECK (unit IN ('g', 'fen')),
	from_account TEXT NOT NULL,
	to_account   TEXT NOT NULL,
	amount       BIGINT NOT NULL CHECK (amount > 0),
	PRIMARY KEY (entry, n)
);

CREATE INDEX ledger_postings_from ON ledger_postings (unit, from_account);
CREATE INDEX ledger_postings_to ON ledger_postings (unit, to_account);

CREATE TABLE ledger_balances (
	unit    TEXT NOT NULL,
	account TEXT NOT NULL,
	amount  BIGINT NOT NULL CHECK (amount >= 0),
	PRIMARY KEY (unit, account)
);

CREATE TABLE ledger_restrictions (
	account TEXT PRIMARY KEY,
	use_of  TEXT NOT NULL
);

CREATE TABLE audit_events (
	id          TEXT PRIMARY KEY,
	at          BIGINT NOT NULL,
	body        TEXT NOT NULL,
	subject     TEXT NOT NULL,
	body_sha256 TEXT NOT NULL
);

CREATE INDEX audit_events_subject ON audit_events (subject, id);

-- The chain: seals in order; each covers one entry or event and the seal before it.
CREATE TABLE ledger_seals (
	n      BIGINT PRIMARY KEY,
	source TEXT NOT NULL CHECK (source IN ('ledger_entries', 'audit_events')),
	id     TEXT NOT NULL UNIQUE,
	hash   TEXT NOT NULL
);

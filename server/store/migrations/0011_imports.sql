-- A table of lots that somebody sent in. It is worked through in pieces, each in one transaction: made is how far each piece came.
CREATE TABLE imports (
    id         TEXT PRIMARY KEY,
    party_id   TEXT NOT NULL REFERENCES parties (id),
    name       TEXT NOT NULL,
    good       BIGINT NOT NULL,
    wrong      BIGINT NOT NULL,
    faults     TEXT NOT NULL, -- JSON: the first of them
    ignored    TEXT NOT NULL, -- JSON: heads of columns that nothing is read from
    mandate    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX imports_party ON imports (party_id, id);

-- act: waiting, made or undone. rows is JSON of what was read, lots of the ids that were made of it, in the same order.
CREATE TABLE import_pieces (
    import_id TEXT NOT NULL REFERENCES imports (id),
    n         BIGINT NOT NULL,
    size      BIGINT NOT NULL,
    act       TEXT NOT NULL,
    rows      TEXT NOT NULL,
    lots      TEXT NOT NULL,
    PRIMARY KEY (import_id, n)
);

-- A bank statement that was sent in as a table. It is worked through in pieces, each in one transaction.
CREATE TABLE statements (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    good       BIGINT NOT NULL, -- rows to take
    wrong      BIGINT NOT NULL,
    known      BIGINT NOT NULL, -- rows that an earlier statement brought
    passed     BIGINT NOT NULL, -- rows of money that went out
    faults     TEXT NOT NULL,   -- JSON: the first of them
    ignored    TEXT NOT NULL,   -- JSON: heads of columns that nothing is read from
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

-- act: waiting, taken or undone. rows is JSON of what was read.
CREATE TABLE statement_pieces (
    statement_id TEXT NOT NULL REFERENCES statements (id),
    n            BIGINT NOT NULL,
    size         BIGINT NOT NULL,
    act          TEXT NOT NULL,
    rows         TEXT NOT NULL,
    PRIMARY KEY (statement_id, n)
);

-- statement_id is the statement that brought a line, empty for one typed in. A line that was taken back keeps its row; its number is
-- put behind "undone/<id>/", so that the right line can come.
ALTER TABLE bank_lines ADD COLUMN statement_id TEXT NOT NULL DEFAULT '';
ALTER TABLE bank_lines ADD COLUMN undone_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX bank_lines_statement ON bank_lines (statement_id, id);

-- Rebuilds of the search index that a command asked the running server for, and how far they are.
CREATE TABLE search_rebuilds (
    id         TEXT PRIMARY KEY,
    done       BIGINT NOT NULL,
    total      BIGINT NOT NULL,
    state      TEXT NOT NULL,
    fault      TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Searches that people keep, and what happened that somebody should know. Instants are unix milliseconds.

-- query is what the page asked for, as JSON. With alert its owner hears of each new listing that it finds.
CREATE TABLE saved_searches (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    alert      BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX saved_searches_user ON saved_searches (user_id, id);

-- A notice is for everybody who acts for a party ('party/...') or for one user ('user/...'). The same thing is told once.
CREATE TABLE notices (
    id         TEXT PRIMARY KEY,
    recipient  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    about      TEXT NOT NULL,
    found      TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (recipient, kind, about, found)
);
CREATE INDEX notices_recipient ON notices (recipient, id);

CREATE TABLE notice_reads (
    notice_id TEXT NOT NULL REFERENCES notices (id),
    user_id   TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (notice_id, user_id)
);

-- Both sides of a match are looked for by produce.
CREATE INDEX demands_produce ON demands (produce, id);
CREATE INDEX lots_produce ON lots (produce, id);

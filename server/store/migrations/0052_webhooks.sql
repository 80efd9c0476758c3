-- Addresses of other systems that hear what happens to a party's orders, trips, needs, offers and campaigns. Instants are unix
-- milliseconds by the clock on the wall; those of a body are the act's own. secret and old_secret are sealed with a key that is not in
-- the database. stopped is empty while messages go out, else why none do: paused, gone or dead.
CREATE TABLE webhooks (
    id         TEXT PRIMARY KEY,
    party      TEXT NOT NULL,
    url        TEXT NOT NULL,
    secret     TEXT NOT NULL,
    old_secret TEXT NOT NULL,
    old_until  BIGINT NOT NULL,
    stopped    TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    made_by    TEXT NOT NULL
);
CREATE INDEX webhooks_party ON webhooks (party, id);

-- What a webhook hears: one kind ('order.confirm') or a family ('order.*').
CREATE TABLE webhook_kinds (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    kind       TEXT NOT NULL,
    PRIMARY KEY (webhook_id, kind)
);

-- A message to a webhook, written with what it tells. It waits while next_at is above 0; busy_until keeps a second worker off it.
CREATE TABLE webhook_messages (
    webhook_id   TEXT NOT NULL REFERENCES webhooks (id),
    event_id     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    body         TEXT NOT NULL,
    told_at      BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    busy_until   BIGINT NOT NULL,
    delivered_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX webhook_messages_next ON webhook_messages (next_at, webhook_id);
CREATE INDEX webhook_messages_told ON webhook_messages (told_at, webhook_id);

-- The delivery log. status 0: no answer came, and said tells why.
CREATE TABLE webhook_attempts (
    id         TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    event_id   TEXT NOT NULL,
    at         BIGINT NOT NULL,
    took_ms    BIGINT NOT NULL,
    status     BIGINT NOT NULL,
    said       TEXT NOT NULL
);
CREATE INDEX webhook_attempts_message ON webhook_attempts (webhook_id, event_id, id);

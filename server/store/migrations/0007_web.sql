-- Requests with an Idempotency-Key and their answers. status 0: still under way.

CREATE TABLE web_requests (
	request_key TEXT PRIMARY KEY,
	sum         TEXT NOT NULL,
	status      BIGINT NOT NULL,
	kind        TEXT NOT NULL,
	body        TEXT NOT NULL,
	at          BIGINT NOT NULL
);

CREATE INDEX web_requests_at ON web_requests (at);

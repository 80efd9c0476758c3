-- Who may sign in, as what, and for whom they act.

CREATE TABLE auth_users (
	id       TEXT PRIMARY KEY,
	login    TEXT NOT NULL UNIQUE,
	name     TEXT NOT NULL,
	lang     TEXT NOT NULL,
	password TEXT NOT NULL
);

-- party '' is the whole platform.
CREATE TABLE auth_grants (
	user_id TEXT NOT NULL REFERENCES auth_users (id),
	role    TEXT NOT NULL,
	party   TEXT NOT NULL,
	PRIMARY KEY (user_id, role, party)
);

CREATE TABLE auth_sessions (
	token_sha256 TEXT PRIMARY KEY,
	user_id      TEXT NOT NULL REFERENCES auth_users (id),
	expires_at   BIGINT NOT NULL
);

CREATE INDEX auth_sessions_expires ON auth_sessions (expires_at);

CREATE TABLE auth_failures (
	id    TEXT PRIMARY KEY,
	login TEXT NOT NULL,
	at    BIGINT NOT NULL
);

CREATE INDEX auth_failures_login ON auth_failures (login, at);

-- A user (agent) acts for a party (principal) by recorded consent. 0 is "not yet".
CREATE TABLE auth_mandates (
	id           TEXT PRIMARY KEY,
	agent        TEXT NOT NULL REFERENCES auth_users (id),
	principal    TEXT NOT NULL,
	acts         TEXT NOT NULL,
	from_at      BIGINT NOT NULL,
	until_at     BIGINT NOT NULL,
	how          TEXT NOT NULL,
	evidence     TEXT NOT NULL,
	consented_at BIGINT NOT NULL,
	ended_at     BIGINT NOT NULL,
	end_reason   TEXT NOT NULL
);

CREATE INDEX auth_mandates_agent ON auth_mandates (agent, id);

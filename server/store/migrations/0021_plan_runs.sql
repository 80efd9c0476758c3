-- A run of the planner. It goes on when the one who asked for it is gone; any server can tell how far it is, and end it: what is
-- best so far is kept. progress and fault: JSON. seen_at: when the server that runs it last wrote, by that server's clock.
CREATE TABLE plan_runs (
    id         TEXT PRIMARY KEY,
    plan_id    TEXT NOT NULL,
    after_id   TEXT NOT NULL,
    progress   TEXT NOT NULL,
    fault      TEXT NOT NULL,
    cancelled  BOOLEAN NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    made_by    TEXT NOT NULL
);

-- A dispatcher's own change of a plan. before: the plan's answer as it was, JSON, for undoing. what: the change, JSON.
CREATE TABLE plan_edits (
    id        TEXT PRIMARY KEY,
    plan_id   TEXT NOT NULL REFERENCES plans (id),
    act       TEXT NOT NULL,
    what      TEXT NOT NULL,
    reason    TEXT NOT NULL,
    before    TEXT NOT NULL,
    made_at   BIGINT NOT NULL,
    made_by   TEXT NOT NULL,
    undone_at BIGINT NOT NULL
);
CREATE INDEX plan_edits_of_plan ON plan_edits (plan_id, id);

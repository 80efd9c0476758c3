-- When the promise of a deposit was over without its being settled who broke it; 0: it is settled, or the promise stands.
ALTER TABLE deposits ADD COLUMN over_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deposits_by_over_at ON deposits (over_at, id) WHERE ended_at = 0 AND over_at > 0;

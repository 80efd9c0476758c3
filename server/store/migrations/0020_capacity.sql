-- What one vehicle can carry by its own papers (JSON, zeros as usual for its type), what it carried last and when it was washed.
ALTER TABLE vehicles ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
ALTER TABLE vehicles ADD COLUMN last_cargo TEXT NOT NULL DEFAULT '';
ALTER TABLE vehicles ADD COLUMN washed_on TEXT NOT NULL DEFAULT '';

-- The room on offer (zeros: the whole vehicle), whether it is sold in parts, and the carrier's terms.
ALTER TABLE capacity_offers ADD COLUMN room_grams BIGINT NOT NULL DEFAULT 0;
ALTER TABLE capacity_offers ADD COLUMN room_ml BIGINT NOT NULL DEFAULT 0;
ALTER TABLE capacity_offers ADD COLUMN room_seats BIGINT NOT NULL DEFAULT 0;
ALTER TABLE capacity_offers ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE capacity_offers ADD COLUMN quarantine_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE capacity_offers ADD COLUMN avoids TEXT NOT NULL DEFAULT '';
ALTER TABLE capacity_offers ADD COLUMN deposit_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE capacity_offers ADD COLUMN draft BOOLEAN NOT NULL DEFAULT FALSE;

-- A haulage need as posted (货源) that is no order of the market: farm inputs for the way back, people in coaches, a farm's own
-- goods. goods: what it is, JSON. What is left of it is the amount less what trips hold.
CREATE TABLE posted_loads (
    id         TEXT PRIMARY KEY,
    shipper_id TEXT NOT NULL REFERENCES parties (id),
    load       TEXT NOT NULL,
    withdrawn  BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX posted_loads_shipper ON posted_loads (shipper_id, id);

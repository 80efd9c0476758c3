-- What a receiver handed out to its wards of what it accepted for a need. The grams move in the ledger; here is to whom.
CREATE TABLE handouts (
    id        TEXT PRIMARY KEY,
    demand_id TEXT NOT NULL REFERENCES demands (id),
    ward      TEXT NOT NULL,
    grams     BIGINT NOT NULL CHECK (grams > 0),
    at        BIGINT NOT NULL,
    made_by   TEXT NOT NULL,
    undone_at BIGINT NOT NULL
);
CREATE INDEX handouts_demand ON handouts (demand_id, id);

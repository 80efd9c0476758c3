-- Roads that a dispatcher closed for some days: from one area to another and back, or all into and out of one (to_area '').
CREATE TABLE road_closures (
    id           TEXT PRIMARY KEY,
    from_area    TEXT NOT NULL,
    to_area      TEXT NOT NULL,
    from_day     TEXT NOT NULL,
    until_day    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    withdrawn_by TEXT NOT NULL
);
CREATE INDEX road_closures_until ON road_closures (until_day);

-- Loads of which a dispatcher says that they go with a truck, or not with it.
CREATE TABLE load_pins (
    id           TEXT PRIMARY KEY,
    load_id      TEXT NOT NULL,
    vehicle_id   TEXT NOT NULL REFERENCES vehicles (id),
    never        BOOLEAN NOT NULL,
    reason       TEXT NOT NULL,
    made_at      BIGINT NOT NULL,
    made_by      TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    withdrawn_by TEXT NOT NULL
);
CREATE INDEX load_pins_load ON load_pins (load_id);

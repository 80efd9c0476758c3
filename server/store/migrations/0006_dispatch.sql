-- How goods move. Masses on a truck are balances of the ledger; here are trucks, promises, plans and what people reported.
-- Positions are millionths of a degree (WGS-84), instants unix milliseconds, days "2020-02-03", money fen.

CREATE TABLE vehicles (
    id           TEXT PRIMARY KEY,
    carrier_id   TEXT NOT NULL REFERENCES parties (id),
    truck_type   TEXT NOT NULL,
    plate        TEXT NOT NULL UNIQUE,
    plate_colour TEXT NOT NULL,
    driver       TEXT NOT NULL,
    papers       TEXT NOT NULL,
    passes       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL
);
CREATE INDEX vehicles_carrier ON vehicles (carrier_id, id);

CREATE TABLE capacity_offers (
    id         TEXT PRIMARY KEY,
    vehicle_id TEXT NOT NULL REFERENCES vehicles (id),
    carrier_id TEXT NOT NULL REFERENCES parties (id),
    place_name TEXT NOT NULL,
    adcode     TEXT NOT NULL,
    lon_e6     BIGINT NOT NULL,
    lat_e6     BIGINT NOT NULL,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT NOT NULL,
    price_kind TEXT NOT NULL,
    price_fen  BIGINT NOT NULL CHECK (price_fen >= 0),
    return_to  TEXT NOT NULL,
    withdrawn  BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX capacity_offers_vehicle ON capacity_offers (vehicle_id, id);
CREATE INDEX capacity_offers_until ON capacity_offers (until_at, id);

-- question: the loads, trucks and day that were planned with. options: what was answered. Both JSON, so that a plan can
-- be shown, and worked out again under another day's rules, as it was.
CREATE TABLE plans (
    id          TEXT PRIMARY KEY,
    day         TEXT NOT NULL,
    question    TEXT NOT NULL,
    answer      TEXT NOT NULL,
    accepted    TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL
);

-- outline: the truck, the stops and their times as promised, JSON. A trip's state is worked out from its events.
CREATE TABLE trips (
    id          TEXT PRIMARY KEY,
    plan_id     TEXT NOT NULL REFERENCES plans (id),
    vehicle_id  TEXT NOT NULL REFERENCES vehicles (id),
    capacity_id TEXT NOT NULL REFERENCES capacity_offers (id),
    carrier_id  TEXT NOT NULL REFERENCES parties (id),
    number      TEXT NOT NULL UNIQUE,
    outline     TEXT NOT NULL,
    answer_by   BIGINT NOT NULL,
    made_at     BIGINT NOT NULL,
    made_by     TEXT NOT NULL
);
CREATE INDEX trips_carrier ON trips (carrier_id, id);
CREATE INDEX trips_capacity ON trips (capacity_id, id);
CREATE INDEX trips_plan ON trips (plan_id, id);

-- Who has a part in a trip and may see it: sellers, receivers, buyers' campaigns' donors.
CREATE TABLE trip_parties (
    trip_id  TEXT NOT NULL REFERENCES trips (id),
    party_id TEXT NOT NULL,
    PRIMARY KEY (trip_id, party_id)
);
CREATE INDEX trip_parties_party ON trip_parties (party_id, trip_id);

CREATE TABLE consignments (
    id            TEXT PRIMARY KEY,
    trip_id       TEXT NOT NULL REFERENCES trips (id),
    n             BIGINT NOT NULL,
    allocation_id TEXT NOT NULL,
    load_stop     BIGINT NOT NULL,
    unload_stop   BIGINT NOT NULL,
    goods         TEXT NOT NULL
);
CREATE UNIQUE INDEX consignments_trip ON consignments (trip_id, n);
CREATE INDEX consignments_allocation ON consignments (allocation_id, id);

-- What people reported, when it happened (acted_at) and when it reached us (synced_at).
CREATE TABLE trip_events (
    id        TEXT PRIMARY KEY,
    trip_id   TEXT NOT NULL REFERENCES trips (id),
    client_id TEXT NOT NULL UNIQUE,
    stop      BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    acted_at  BIGINT NOT NULL,
    synced_at BIGINT NOT NULL,
    by_actor  TEXT NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX trip_events_trip ON trip_events (trip_id, id);

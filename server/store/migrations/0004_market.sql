-- Who has what and who needs what. Amounts of goods are not here: they are balances of the ledger.
-- Positions are millionths of a degree (WGS-84), instants unix milliseconds, masses grams, prices 1/10000 yuan per kg.

CREATE TABLE parties (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    uscc       TEXT NOT NULL,
    place_name TEXT NOT NULL,
    adcode     TEXT NOT NULL,
    lon_e6     BIGINT NOT NULL,
    lat_e6     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX parties_kind ON parties (kind, id);

-- The poor-household file. The identity number itself is never stored: a keyed hash finds doubles, a mask is shown.
CREATE TABLE households (
    party_id  TEXT PRIMARY KEY REFERENCES parties (id),
    coop_id   TEXT NOT NULL REFERENCES parties (id),
    poor      BOOLEAN NOT NULL,
    id_hash   TEXT NOT NULL,
    id_masked TEXT NOT NULL
);
CREATE INDEX households_coop ON households (coop_id, party_id);
CREATE UNIQUE INDEX households_id_hash ON households (id_hash) WHERE id_hash <> '';

CREATE TABLE lots (
    id             TEXT PRIMARY KEY,
    party_id       TEXT NOT NULL REFERENCES parties (id),
    produce        TEXT NOT NULL,
    grade          TEXT NOT NULL,
    packing        TEXT NOT NULL,
    packs          BIGINT NOT NULL,
    pack_grams     BIGINT NOT NULL,
    weighed_grams  BIGINT NOT NULL,
    harvested_on   TEXT NOT NULL,
    place_name     TEXT NOT NULL,
    adcode         TEXT NOT NULL,
    lon_e6         BIGINT NOT NULL,
    lat_e6         BIGINT NOT NULL,
    certificate    TEXT NOT NULL,
    certificate_at BIGINT NOT NULL,
    source_line    TEXT NOT NULL,
    evidence       TEXT NOT NULL,
    mandate        TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    created_by     TEXT NOT NULL
);
CREATE INDEX lots_party ON lots (party_id, id);

-- How much of a lot each household brought. Benefit is split by it.
CREATE TABLE lot_shares (
    lot_id       TEXT NOT NULL REFERENCES lots (id),
    household_id TEXT NOT NULL REFERENCES parties (id),
    grams        BIGINT NOT NULL CHECK (grams > 0),
    PRIMARY KEY (lot_id, household_id)
);

CREATE TABLE lot_joins (
    lot_id   TEXT NOT NULL REFERENCES lots (id),
    from_lot TEXT NOT NULL REFERENCES lots (id),
    grams    BIGINT NOT NULL CHECK (grams > 0),
    PRIMARY KEY (lot_id, from_lot)
);

-- act is the last act of a person; sold_out and expired are worked out from the ledger and the clock.
CREATE TABLE offers (
    id          TEXT PRIMARY KEY,
    lot_id      TEXT NOT NULL REFERENCES lots (id),
    seller_id   TEXT NOT NULL REFERENCES parties (id),
    price_e4    BIGINT NOT NULL CHECK (price_e4 >= 0),
    gift        BOOLEAN NOT NULL,
    benefit_e4  BIGINT NOT NULL CHECK (benefit_e4 >= 0),
    min_grams   BIGINT NOT NULL CHECK (min_grams >= 0),
    pickup_from BIGINT NOT NULL,
    pickup_to   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    poverty     BOOLEAN NOT NULL,
    act         TEXT NOT NULL,
    version     BIGINT NOT NULL,
    mandate     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX offers_lot ON offers (lot_id, id);
CREATE INDEX offers_seller ON offers (seller_id, id);

-- amount_kind known, unknown or up_to; grams is 0 when unknown. unload_from and unload_to are minutes of the day.
CREATE TABLE demands (
    id           TEXT PRIMARY KEY,
    party_id     TEXT NOT NULL REFERENCES parties (id),
    produce      TEXT NOT NULL,
    amount_kind  TEXT NOT NULL,
    grams        BIGINT NOT NULL CHECK (grams >= 0),
    needed_by    BIGINT NOT NULL,
    why          TEXT NOT NULL,
    relief       BOOLEAN NOT NULL,
    storage      TEXT NOT NULL,
    unload_from  BIGINT NOT NULL,
    unload_to    BIGINT NOT NULL,
    no_forklift  BOOLEAN NOT NULL,
    place_name   TEXT NOT NULL,
    adcode       TEXT NOT NULL,
    lon_e6       BIGINT NOT NULL,
    lat_e6       BIGINT NOT NULL,
    act          TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    verified_at  BIGINT NOT NULL,
    verified_by  TEXT NOT NULL,
    verified_how TEXT NOT NULL,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX demands_party ON demands (party_id, id);

-- The named use is locked when the campaign opens; it changes only through use_changes.
CREATE TABLE campaigns (
    id          TEXT PRIMARY KEY,
    donor_id    TEXT NOT NULL REFERENCES parties (id),
    title       TEXT NOT NULL,
    named_use   TEXT NOT NULL,
    goal_grams  BIGINT NOT NULL CHECK (goal_grams >= 0),
    goal_fen    BIGINT NOT NULL CHECK (goal_fen >= 0),
    reference   TEXT NOT NULL UNIQUE,
    act         TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX campaigns_donor ON campaigns (donor_id, id);

CREATE TABLE campaign_demands (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    demand_id   TEXT NOT NULL REFERENCES demands (id),
    PRIMARY KEY (campaign_id, demand_id)
);
CREATE INDEX campaign_demands_demand ON campaign_demands (demand_id, campaign_id);

CREATE TABLE campaign_donors (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    party_id    TEXT NOT NULL REFERENCES parties (id),
    since       BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, party_id)
);

CREATE TABLE use_changes (
    id           TEXT PRIMARY KEY,
    campaign_id  TEXT NOT NULL REFERENCES campaigns (id),
    old_use      TEXT NOT NULL,
    new_use      TEXT NOT NULL,
    demands      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    answer_until BIGINT NOT NULL,
    outcome      TEXT NOT NULL,
    asked_at     BIGINT NOT NULL,
    asked_by     TEXT NOT NULL
);
CREATE INDEX use_changes_campaign ON use_changes (campaign_id, id);

CREATE TABLE use_answers (
    change_id TEXT NOT NULL REFERENCES use_changes (id),
    party_id  TEXT NOT NULL REFERENCES parties (id),
    yes       BOOLEAN NOT NULL,
    at        BIGINT NOT NULL,
    by_user   TEXT NOT NULL,
    PRIMARY KEY (change_id, party_id)
);

-- What a device's act made: the same act sent again finds it instead of making a second one.
CREATE TABLE client_acts (
    client_id TEXT PRIMARY KEY,
    made      TEXT NOT NULL
);

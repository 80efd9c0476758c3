-- The offer whose truck takes a trip's goods over at a transfer station, '' for none.
ALTER TABLE trips ADD COLUMN relay_id TEXT NOT NULL DEFAULT '';
CREATE INDEX trips_relay ON trips (relay_id);

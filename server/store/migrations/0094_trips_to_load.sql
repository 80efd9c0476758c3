-- A mark by which the few trips are found that have something yet to load. What exactly is worked out from their events.
ALTER TABLE trips ADD COLUMN to_load BOOLEAN NOT NULL DEFAULT true;
UPDATE trips SET to_load = false
    WHERE EXISTS (SELECT 1 FROM trip_events e WHERE e.trip_id = trips.id AND e.kind IN ('decline', 'expire', 'cancel', 'replan', 'no_show', 'no_goods'))
    OR NOT EXISTS (SELECT 1 FROM consignments c WHERE c.trip_id = trips.id
        AND NOT EXISTS (SELECT 1 FROM trip_events e WHERE e.trip_id = c.trip_id AND e.stop = c.load_stop AND e.kind IN ('load', 'board')));
CREATE INDEX trips_to_load ON trips (id) WHERE to_load;

-- A mark by which the few posted loads are found of which something may wait: trips that are done brought all of the others. Whether it
-- waits is worked out from the trips.
ALTER TABLE posted_loads ADD COLUMN carried BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX posted_loads_open ON posted_loads (id) WHERE NOT withdrawn AND NOT carried;

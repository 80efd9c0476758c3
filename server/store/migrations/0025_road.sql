-- How far the clock of a device that reported was ahead of ours, milliseconds; 0: right, or not known.
ALTER TABLE trip_events ADD COLUMN clock_off BIGINT NOT NULL DEFAULT 0;

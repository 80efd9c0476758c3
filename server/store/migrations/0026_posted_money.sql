-- What a transfer for a haulage need outside the market quotes, "" for needs posted before.
ALTER TABLE posted_loads ADD COLUMN reference TEXT NOT NULL DEFAULT '';
CREATE INDEX posted_loads_reference ON posted_loads (reference);

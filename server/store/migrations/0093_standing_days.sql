-- A standing order may also make its draft every month, and on no day before its first or after its last (2006-01-02, empty for none).
ALTER TABLE standing_orders ADD COLUMN every TEXT NOT NULL DEFAULT 'week';
ALTER TABLE standing_orders ADD COLUMN month_day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE standing_orders ADD COLUMN first_day TEXT NOT NULL DEFAULT '';
ALTER TABLE standing_orders ADD COLUMN last_day TEXT NOT NULL DEFAULT '';

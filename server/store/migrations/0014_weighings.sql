-- How warm a lot is kept (tenths of a degree Celsius, -10000: not known), and what seller and buyer agree about losses on the road
-- before the goods leave: the part that may dry out, in 1/1000 of the loaded weight, and who answers for the rest. -1: by the rule
-- of the day.
ALTER TABLE lots ADD COLUMN stored_tenths BIGINT NOT NULL DEFAULT -10000;
ALTER TABLE offers ADD COLUMN moisture_per_mille BIGINT NOT NULL DEFAULT -1;
ALTER TABLE offers ADD COLUMN loss_bearer TEXT NOT NULL DEFAULT 'carrier';
ALTER TABLE order_lines ADD COLUMN moisture_per_mille BIGINT NOT NULL DEFAULT 30;
ALTER TABLE order_lines ADD COLUMN loss_bearer TEXT NOT NULL DEFAULT 'carrier';

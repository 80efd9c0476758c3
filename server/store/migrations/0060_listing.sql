-- A lot's photo, and when it was listed on the device: without a network that is earlier than it came here. 0: at once.

ALTER TABLE lots ADD COLUMN photo TEXT NOT NULL DEFAULT '';
ALTER TABLE lots ADD COLUMN acted_at BIGINT NOT NULL DEFAULT 0;

-- What a giver by card or wallet said of what is left over, and whether its name may be shown: a pledge has the same two.
ALTER TABLE checkouts ADD COLUMN unspent TEXT NOT NULL DEFAULT '';
ALTER TABLE checkouts ADD COLUMN named BOOLEAN NOT NULL DEFAULT FALSE;

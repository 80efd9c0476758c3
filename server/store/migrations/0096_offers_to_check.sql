-- Why the county office sent an offer back that asks for the poverty mark; '': it did not, or it found the mark right later.
ALTER TABLE offers ADD COLUMN sent_back TEXT NOT NULL DEFAULT '';
CREATE INDEX offers_to_check ON offers (id) WHERE act = 'pending_check';
CREATE INDEX offers_sent_back ON offers (seller_id, id) WHERE act = 'draft' AND sent_back <> '';

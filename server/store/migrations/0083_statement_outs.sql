-- JSON of the rows of a statement that went out and quote a reference: they may prove payouts.
ALTER TABLE statements ADD COLUMN outs TEXT NOT NULL DEFAULT '[]';

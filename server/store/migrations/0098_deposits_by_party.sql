-- A party's deposits are listed, those that it puts up and those that it would get.
CREATE INDEX deposits_party ON deposits (party_id, id);
CREATE INDEX deposits_other ON deposits (other_id, id);

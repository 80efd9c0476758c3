-- Reports ask for settled orders of some time; an order that is not settled is in none of them.
DROP INDEX orders_settled;
CREATE INDEX orders_settled ON orders (settled_at, id) WHERE settled_at > 0;

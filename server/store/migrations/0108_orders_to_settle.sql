-- Finance lists the orders that wait to be settled.
CREATE INDEX orders_open ON orders (id) WHERE act = 'confirmed' AND settled_at = 0;

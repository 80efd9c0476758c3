-- Few orders belong to a campaign or a cart, and few wait for an answer: the others need no row in those indexes.
DROP INDEX orders_campaign;
CREATE INDEX orders_campaign ON orders (campaign_id, id) WHERE campaign_id <> '';
DROP INDEX orders_cart;
CREATE INDEX orders_cart ON orders (cart_id, id) WHERE cart_id <> '';
CREATE INDEX orders_waiting ON orders (answer_until, id) WHERE act IN ('submitted', 'offered_less', 'awaiting_approval');

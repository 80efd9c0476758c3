-- Sellers list the standing orders that will draw on their offers.
CREATE INDEX standing_orders_seller ON standing_orders (seller_id, id);

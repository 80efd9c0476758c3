-- Whether an order ever got to its seller. One that was called off or lapsed while it waited for its buyer's own approval did not, nor did a
-- draft that was dropped: of those the audit has the submission as awaiting approval, and nothing that made them submitted.
ALTER TABLE orders ADD COLUMN reached BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE orders SET reached = TRUE WHERE act NOT IN ('draft', 'awaiting_approval', 'refused') AND (standing_id = '' OR ordered_by <> '')
	AND (act NOT IN ('cancelled', 'expired') OR confirmed_at > 0
		OR NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.subject = 'order/' || orders.id AND REPLACE(e.body, '"awaiting_approval"', '') <> e.body)
		OR EXISTS (SELECT 1 FROM audit_events e WHERE e.subject = 'order/' || orders.id AND REPLACE(e.body, '"submitted"', '') <> e.body));

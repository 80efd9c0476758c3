-- An open offer's terms may change. What was agreed stands: with the line of an order, and with the terms that were named in a quotation.
ALTER TABLE order_lines ADD COLUMN pickup_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN pickup_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN poverty BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE order_lines SET pickup_from = (SELECT pickup_from FROM offers WHERE id = order_lines.offer_id), pickup_to = (SELECT pickup_to FROM offers WHERE id = order_lines.offer_id),
    poverty = (SELECT poverty FROM offers WHERE id = order_lines.offer_id);
ALTER TABLE quotation_terms ADD COLUMN benefit_e4 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE quotation_terms ADD COLUMN moisture_per_mille BIGINT NOT NULL DEFAULT -1;
ALTER TABLE quotation_terms ADD COLUMN loss_bearer TEXT NOT NULL DEFAULT 'carrier';
ALTER TABLE quotation_terms ADD COLUMN pickup_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE quotation_terms ADD COLUMN pickup_to BIGINT NOT NULL DEFAULT 0;
UPDATE quotation_terms SET benefit_e4 = (SELECT benefit_e4 FROM offers WHERE id = offer_id),
    moisture_per_mille = (SELECT moisture_per_mille FROM offers WHERE id = offer_id), loss_bearer = (SELECT loss_bearer FROM offers WHERE id = offer_id),
    pickup_from = (SELECT pickup_from FROM offers WHERE id = offer_id), pickup_to = (SELECT pickup_to FROM offers WHERE id = offer_id);

-- Of one line or offer at most one case is open; another price is looked at anew.
DROP INDEX price_cases_subject;
CREATE INDEX price_cases_subject ON price_cases (subject, line_id);
CREATE UNIQUE INDEX price_cases_open ON price_cases (subject, line_id) WHERE closed_at = 0;

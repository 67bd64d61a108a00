-- name: list_tax_profiles
-- List the tax profiles of one operator, without those that a later one replaced.
SELECT DISTINCT ON (valid_from, ticket_type, player_class)
    number,
    preset,
    valid_from,
    valid_to,
    ticket_type,
    player_class,
    ext_rate,
    ext_formula,
    wht_rate,
    wht_base,
    wht_threshold_cents,
    wht_on_excess,
    rounding
FROM tax_profile
WHERE operator = $1
ORDER BY valid_from, ticket_type, player_class, number DESC;

-- name: read_terms
-- Read the terms of profiles of one operator by their numbers.
SELECT
    number,
    ext_rate,
    ext_formula,
    wht_rate,
    wht_base,
    wht_threshold_cents,
    wht_on_excess,
    rounding
FROM tax_profile
WHERE operator = $1 AND number = ANY($2::integer[]);

-- name: append_tax_profile
-- Append the next tax profile of an operator, which the transaction holds.
INSERT INTO tax_profile (
    operator,
    number,
    who,
    preset,
    valid_from,
    valid_to,
    ticket_type,
    player_class,
    ext_rate,
    ext_formula,
    wht_rate,
    wht_base,
    wht_threshold_cents,
    wht_on_excess,
    rounding
)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
FROM tax_profile
WHERE operator = $1;

-- name: list_operator_limits
-- List the limits of one operator in force, for each ticket type and currency that has any.
SELECT DISTINCT ON (ticket_type, currency)
    ticket_type,
    currency,
    price_cents_min,
    price_cents_max,
    legs_min,
    legs_max,
    total_odds_max,
    payout_cents_max,
    day_stake_cents_max,
    day_payout_cents_max,
    approval_price_cents,
    approval_payout_cents,
    approval_day_stake_cents
FROM operator_limit
WHERE operator = $1
ORDER BY ticket_type, currency, version DESC;

-- name: append_operator_limits
-- Append the next version of the limits of one ticket type and currency of an operator, held.
INSERT INTO operator_limit (
    operator,
    ticket_type,
    currency,
    version,
    who,
    price_cents_min,
    price_cents_max,
    legs_min,
    legs_max,
    total_odds_max,
    payout_cents_max,
    day_stake_cents_max,
    day_payout_cents_max,
    approval_price_cents,
    approval_payout_cents,
    approval_day_stake_cents
)
SELECT
    $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
FROM operator_limit
WHERE operator = $1 AND ticket_type = $2 AND currency = $3;

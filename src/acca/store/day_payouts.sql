-- name: list_taken
-- List what tickets have taken of days.
SELECT taken.operator, taken.ticket, taken.day, taken.cap_cents, taken.paid_cents
FROM unnest($1::integer[], $2::bytea[]) AS given (operator, ticket)
JOIN ticket_day_payout AS taken
    ON taken.operator = given.operator AND taken.ticket = given.ticket;

-- name: begin_days
-- Make the rows of days that have none yet.
INSERT INTO day_payout (operator, player, type, currency, day)
SELECT DISTINCT operator, player, type, currency, day
FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::date[])
    AS given (operator, player, type, currency, day)
ORDER BY operator, player, type, currency, day
ON CONFLICT DO NOTHING;

-- name: hold_days
-- Hold days in the order of their keys, and tell what was paid on them.
SELECT held.operator, held.player, held.type, held.currency, held.day, held.paid_cents
FROM day_payout AS held
WHERE (held.operator, held.player, held.type, held.currency, held.day) IN (
    SELECT operator, player, type, currency, day
    FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::date[])
        AS given (operator, player, type, currency, day)
)
ORDER BY held.operator, held.player, held.type, held.currency, held.day
FOR UPDATE;

-- name: list_days
-- Tell what was paid on days.
SELECT paid.operator, paid.player, paid.type, paid.currency, paid.day, paid.paid_cents
FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::date[])
    AS given (operator, player, type, currency, day)
JOIN day_payout AS paid
    ON paid.operator = given.operator AND paid.player = given.player AND paid.type = given.type
    AND paid.currency = given.currency AND paid.day = given.day;

-- name: save_days
-- Change what was paid on days that are held.
UPDATE day_payout AS held
SET paid_cents = held.paid_cents + given.cents
FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[])
    AS given (operator, player, type, currency, day, cents)
WHERE held.operator = given.operator AND held.player = given.player AND held.type = given.type
    AND held.currency = given.currency AND held.day = given.day;

-- name: forget_taken
-- Forget what tickets had taken of days.
DELETE FROM ticket_day_payout AS taken
USING unnest($1::integer[], $2::bytea[]) AS given (operator, ticket)
WHERE taken.operator = given.operator AND taken.ticket = given.ticket;

-- name: keep_taken
-- Keep what tickets take of days.
INSERT INTO ticket_day_payout (operator, ticket, day, cap_cents, paid_cents)
SELECT operator, ticket, day, cap_cents, paid_cents
FROM unnest($1::integer[], $2::bytea[], $3::date[], $4::bigint[], $5::bigint[])
    AS given (operator, ticket, day, cap_cents, paid_cents);

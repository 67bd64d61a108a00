-- name: begin_number
-- Make the row of a number that has none yet.
INSERT INTO one_time_code (operator, msisdn)
VALUES ($1, $2)
ON CONFLICT DO NOTHING;

-- name: get_number_for_update
-- Hold a number, and read what is known of it, with the business time.
SELECT
    business_now() AS now, code.salt, code.digest, code.until, code.tries, code.asked, code.failed,
    code.locked_until
FROM one_time_code AS code
WHERE code.operator = $1 AND code.msisdn = $2
FOR UPDATE;

-- name: save_number
-- Write what is known of a number that is held.
UPDATE one_time_code
SET
    salt = $3, digest = $4, until = $5, tries = $6, asked = $7, failed = $8, locked_until = $9
WHERE operator = $1 AND msisdn = $2;

-- name: count_sent
-- Count one more code of an operator's hour, if it may have one.
INSERT INTO one_time_hour (operator, hour, sent)
VALUES ($1, date_trunc('hour', business_now()), 1)
ON CONFLICT (operator, hour) DO UPDATE SET sent = one_time_hour.sent + 1
WHERE one_time_hour.sent < $2
RETURNING sent;

-- name: forget_numbers
-- Forget numbers whose last code and lock are over for two days, and hours as old.
WITH hours AS (
    DELETE FROM one_time_hour
    WHERE hour < business_now() - interval '2 days'
)
DELETE FROM one_time_code
WHERE coalesce(locked_until, '-infinity') < business_now() - interval '2 days'
    AND coalesce(asked[cardinality(asked)], '-infinity') < business_now() - interval '2 days';

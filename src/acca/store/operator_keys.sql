-- name: list_keys
-- List the keys of one operator in their order.
SELECT number, secret, created, retires
FROM operator_key
WHERE operator = $1
ORDER BY number;

-- name: insert_key
-- Add the next key of an operator, which the transaction holds.
INSERT INTO operator_key (operator, number, secret, who)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3
FROM operator_key
WHERE operator = $1
RETURNING number, secret, created, retires;

-- name: retire_key
-- Set the end of a key.
UPDATE operator_key
SET retires = $3, retired_by = $4
WHERE operator = $1 AND number = $2
RETURNING number, secret, created, retires;

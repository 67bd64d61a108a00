-- name: list_keys
-- List the keys of one provider in their order.
SELECT number, secret, created, retires
FROM provider_key
WHERE provider = $1
ORDER BY number;

-- name: insert_key
-- Add the next key of a provider, which the transaction holds.
INSERT INTO provider_key (provider, number, secret, who)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3
FROM provider_key
WHERE provider = $1
RETURNING number, secret, created, retires;

-- name: retire_key
-- Set the end of a key.
UPDATE provider_key
SET retires = $3, retired_by = $4
WHERE provider = $1 AND number = $2
RETURNING number, secret, created, retires;

-- name: hold_signing_keys
-- Wait until nobody else makes a key; the lock ends with the transaction.
SELECT pg_advisory_xact_lock(1097032548);

-- name: read_key_in_force
-- Read the key that signs.
SELECT id, public_key, private_key, valid_from, retired
FROM signing_key
WHERE retired IS NULL;

-- name: list_signing_keys
-- List all keys, the oldest first, without what makes them sign.
SELECT id, public_key, valid_from, retired
FROM signing_key
ORDER BY valid_from, retired NULLS LAST, id;

-- name: retire_signing_key
-- Retire the key that signs, and forget what made it sign.
UPDATE signing_key
SET retired = business_now(), private_key = NULL
WHERE retired IS NULL;

-- name: insert_signing_key
-- Add the key that signs from now on.
INSERT INTO signing_key (id, public_key, private_key, who)
VALUES ($1, $2, $3, $4);

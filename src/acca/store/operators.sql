-- name: insert_operator
-- Add an operator; no row comes back where the name is taken.
INSERT INTO operator (name, who)
VALUES ($1, $2)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, created;

-- name: list_operators
-- List all operators by name.
SELECT id, name, created
FROM operator
ORDER BY name;

-- name: get_operator
-- Find an operator by its name.
SELECT id, name, created
FROM operator
WHERE name = $1;

-- name: get_operator_for_update
-- Find an operator and hold it, so that what is set for it is set by one alone.
SELECT id, name, created
FROM operator
WHERE name = $1
FOR NO KEY UPDATE;

-- name: insert_provider
-- Add a provider; no row comes back where the name is taken.
INSERT INTO provider (name, who)
VALUES ($1, $2)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, created;

-- name: list_providers
-- List all providers by name.
SELECT id, name, created
FROM provider
ORDER BY name;

-- name: get_provider
-- Find a provider by its name.
SELECT id, name, created
FROM provider
WHERE name = $1;

-- name: get_provider_for_update
-- Find a provider and hold it, so that its keys are changed by one alone.
SELECT id, name, created
FROM provider
WHERE name = $1
FOR NO KEY UPDATE;

-- name: read_settings
-- Read settings of the session in their own units (milliseconds for timeouts).
SELECT name, setting
FROM pg_settings
WHERE name = ANY($1::text[]);

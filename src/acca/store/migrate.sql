-- name: become_only_migrator
-- Wait until no other session migrates this database; the lock ends with the session.
SELECT pg_advisory_lock(1097032545);

-- name: create_migration_table
-- Create the list of migrations in a new database.
CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    applied timestamptz NOT NULL DEFAULT now()
);

-- name: has_migrations
-- Say whether the database was ever migrated.
SELECT to_regclass('migration') IS NOT NULL;

-- name: list_applied_migrations
-- List the migrations that this database has.
SELECT number, name, sha256
FROM migration
ORDER BY number;

-- name: limit_waiting_for_locks
-- Give up soon when a table is in use: whoever waits for it keeps everybody behind it waiting too.
SET LOCAL lock_timeout = '2s';

-- name: say_whether_sandbox
-- Tell the migration that creates the clock what kind of database this is.
SELECT set_config('acca.sandbox', $1, true);

-- name: record_migration
-- Note a migration as applied, in its own transaction.
INSERT INTO migration (number, name, sha256) VALUES ($1, $2, $3);

-- name: is_sandbox
-- Say whether the database was created as a sandbox.
SELECT sandbox
FROM clock;

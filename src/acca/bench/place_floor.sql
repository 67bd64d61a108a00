-- name: create_tickets
-- Make the table of facts.
CREATE TABLE floor_ticket (id bytea PRIMARY KEY, player text, facts bytea);

-- name: create_states
-- Make the table of states.
CREATE TABLE floor_state (id bytea PRIMARY KEY, n integer, status text);

-- name: create_journal
-- Make the table of entries.
CREATE TABLE floor_journal (id bytea, n integer, body bytea, PRIMARY KEY (id, n));

-- name: insert_tickets
-- Write new tickets.
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[]) AS given (id, player, facts)
),
facts AS (
    INSERT INTO floor_ticket SELECT id, player, facts FROM given
),
states AS (
    INSERT INTO floor_state SELECT id, 1, 'new' FROM given
)
INSERT INTO floor_journal SELECT id, 1, facts FROM given;

-- name: open_tickets
-- Open tickets.
WITH given AS (
    SELECT * FROM unnest($1::bytea[]) AS given (id)
),
moved AS (
    UPDATE floor_state SET n = 2, status = 'open' FROM given WHERE floor_state.id = given.id
)
INSERT INTO floor_journal SELECT id, 2, NULL FROM given;

-- name: lease_due
-- Lease what is due of one task of lives, of every operator a share, for half a minute.
WITH taken AS MATERIALIZED (
    SELECT waiting.operator, waiting.ticket
    FROM operator
    CROSS JOIN LATERAL (
        SELECT operator, ticket
        FROM agenda
        WHERE agenda.operator = operator.id AND agenda.lane = 'life' AND agenda.task = $1
            AND agenda.due <= (SELECT business_now()) AND agenda.attention IS NULL
            AND (agenda.lease IS NULL OR agenda.lease < statement_timestamp())
        ORDER BY agenda.due
        LIMIT $2
        FOR UPDATE SKIP LOCKED
    ) AS waiting
)
UPDATE agenda
SET lease = statement_timestamp() + interval '30 seconds'
FROM taken
WHERE agenda.operator = taken.operator AND agenda.ticket = taken.ticket AND agenda.lane = 'life'
RETURNING agenda.operator, agenda.ticket, agenda.due;

-- name: list_lost
-- Choose the tickets for which nobody can call the wallet any more.
SELECT state.operator, state.id
FROM unnest($1::integer[], $2::bytea[]) AS given (operator, id)
JOIN ticket_state AS state ON state.operator = given.operator AND state.id = given.id
WHERE state.call_until < statement_timestamp();

-- name: put_off
-- Let a task of the life lane wait for another time, and give its lease back.
UPDATE agenda
SET due = $4, lease = NULL
WHERE operator = $1 AND ticket = $2 AND lane = 'life' AND task = $3;

-- name: mark_attention
-- Take a task of the life lane out of turn until staff has looked at it.
UPDATE agenda
SET attention = business_now(), lease = NULL
WHERE operator = $1 AND ticket = $2 AND lane = 'life';

-- name: list_sending
-- Choose the tickets that still have something to tell the wallet.
SELECT agenda.operator, agenda.ticket
FROM unnest($1::integer[], $2::bytea[]) AS given (operator, ticket)
JOIN agenda ON agenda.operator = given.operator AND agenda.ticket = given.ticket
WHERE agenda.lane = 'pam';

-- name: drop_tasks
-- Forget a task of tickets that have nothing to do there, unless staff has to look at it.
DELETE FROM agenda
USING unnest($1::integer[], $2::bytea[]) AS given (operator, ticket)
WHERE agenda.operator = given.operator AND agenda.ticket = given.ticket
    AND agenda.lane = 'life' AND agenda.task = $3 AND agenda.attention IS NULL;

-- name: list_due_operators
-- List operators that have something to be delivered in a lane now.
SELECT operator.id
FROM operator
WHERE EXISTS (
    SELECT
    FROM agenda
    WHERE agenda.operator = operator.id AND agenda.lane = $1 AND agenda.attention IS NULL
        AND agenda.due <= (SELECT business_now())
        AND (agenda.lease IS NULL OR agenda.lease < statement_timestamp())
);

-- name: lease_lanes
-- Lease tickets whose lane is due, of each operator as many as it can bear.
WITH taken AS MATERIALIZED (
    SELECT waiting.operator, waiting.ticket
    FROM unnest($2::integer[], $3::integer[]) AS asked (operator, free)
    CROSS JOIN LATERAL (
        SELECT agenda.operator, agenda.ticket
        FROM agenda
        WHERE agenda.operator = asked.operator AND agenda.lane = $1
            AND agenda.attention IS NULL AND agenda.due <= (SELECT business_now())
            AND (agenda.lease IS NULL OR agenda.lease < statement_timestamp())
        ORDER BY agenda.due
        LIMIT asked.free
        FOR UPDATE SKIP LOCKED
    ) AS waiting
)
UPDATE agenda
SET lease = statement_timestamp() + $4::interval
FROM taken
WHERE agenda.operator = taken.operator AND agenda.ticket = taken.ticket AND agenda.lane = $1
RETURNING
    agenda.operator, agenda.ticket, agenda.next_n, agenda.last_n, agenda.attempts, agenda.lease,
    (SELECT business_now()) AS now;

-- name: read_entries
-- Read the entries of leased lanes that are still to be sent, in their order.
SELECT entry.operator, entry.ticket, entry.n, entry.action, entry.body, entry.at
FROM unnest($2::integer[], $3::bytea[], $4::integer[], $5::integer[])
    AS given (operator, ticket, next_n, last_n)
JOIN journal AS entry
    ON entry.operator = given.operator AND entry.ticket = given.ticket
    AND entry.n BETWEEN given.next_n AND given.last_n
WHERE entry.lane = $1
ORDER BY entry.operator, entry.ticket, entry.n;

-- name: save_steps
-- Save what became of entries whose lanes are still leased to us; who lost a lease is not answered.
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest(
        $1::integer[], $2::bytea[], $3::text[], $4::timestamptz[], $5::integer[], $6::integer[],
        $7::text[], $8::interval[], $9::boolean[], $10::boolean[]
    ) AS given (
        operator, ticket, lane, lease, n, last_n,
        course, delay, is_over, ends
    )
),
moment AS MATERIALIZED (
    SELECT business_now() AS at
),
moved AS (
    UPDATE agenda
    SET
        next_n = CASE given.course WHEN 'next' THEN given.n + 1 ELSE agenda.next_n END,
        attempts = CASE given.course WHEN 'next' THEN 0 ELSE agenda.attempts + 1 END,
        due = (SELECT at FROM moment) + given.delay,
        attention = CASE given.course WHEN 'attention' THEN (SELECT at FROM moment) END,
        lease = CASE given.course WHEN 'next' THEN agenda.lease END
    FROM given
    WHERE agenda.operator = given.operator AND agenda.ticket = given.ticket
        AND agenda.lane = given.lane AND agenda.lease = given.lease
        AND NOT (given.is_over AND agenda.last_n = given.last_n)
    RETURNING agenda.operator, agenda.ticket, agenda.lane, agenda.lease
),
drained AS (
    DELETE FROM agenda
    USING given
    WHERE agenda.operator = given.operator AND agenda.ticket = given.ticket
        AND agenda.lane = given.lane AND agenda.lease = given.lease
        AND given.is_over AND agenda.last_n = given.last_n
    RETURNING agenda.operator, agenda.ticket, agenda.lane, given.ends
),
closing AS (
    INSERT INTO agenda (operator, ticket, lane, task, due)
    SELECT operator, ticket, 'life', 'close', (SELECT at FROM moment) + interval '24 hours'
    FROM drained
    WHERE ends
    ON CONFLICT (operator, ticket, lane)
    DO UPDATE SET task = excluded.task, due = excluded.due, attempts = 0, lease = NULL
),
hastened AS (
    UPDATE agenda
    SET due = (SELECT at FROM moment)
    FROM drained
    WHERE drained.ends AND agenda.operator = drained.operator
        AND agenda.ticket = drained.ticket AND agenda.lane = 'sms' AND agenda.attempts = 0
        AND agenda.due > (SELECT at FROM moment)
),
tried AS (
    INSERT INTO attempt (
        operator, ticket, n, number, is_late, at, verdict, http_status, duration_ms, answer
    )
    SELECT
        given.operator, given.id, given.n, given.number, given.is_late,
        (SELECT at FROM moment), given.verdict, given.http_status, given.duration_ms, given.answer
    FROM unnest(
        $11::integer[], $12::bytea[], $13::integer[], $14::integer[], $15::boolean[],
        $16::text[], $17::smallint[], $18::integer[], $19::bytea[]
    ) AS given (operator, id, n, number, is_late, verdict, http_status, duration_ms, answer)
    ON CONFLICT DO NOTHING
)
SELECT operator, ticket, lane
FROM moved
WHERE lease IS NOT NULL;

-- name: give_back
-- Give a lease back, and let the lane wait for a while, without having tried.
UPDATE agenda
SET due = business_now() + $5::interval, lease = NULL
WHERE operator = $1 AND ticket = $2 AND lane = $3 AND lease = $4;

-- name: list_waiting
-- List what waits to be delivered, or for staff, the oldest first.
SELECT
    operator.name, agenda.ticket, agenda.lane, agenda.due, agenda.next_n, agenda.last_n,
    agenda.attempts, agenda.attention
FROM agenda
JOIN operator ON operator.id = agenda.operator
WHERE agenda.lane <> 'life' AND ($1::text IS NULL OR operator.name = $1)
    AND (NOT $2::boolean OR agenda.attention IS NOT NULL)
ORDER BY agenda.due
LIMIT $3;

-- name: replay
-- Let lanes that wait or need attention be tried at once, as if for the first time.
UPDATE agenda
SET due = business_now(), attempts = 0, attention = NULL
WHERE operator = $1 AND lane <> 'life' AND ($2::bytea IS NULL OR ticket = $2)
    AND (lease IS NULL OR lease < statement_timestamp())
RETURNING ticket;

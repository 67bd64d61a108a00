-- name: list_due_lanes
-- List which lanes of which operators have something to be delivered now.
SELECT operator.id, lane.name
FROM operator
CROSS JOIN (VALUES ('pam'), ('sms')) AS lane (name)
CROSS JOIN LATERAL (
    SELECT agenda.due
    FROM agenda
    WHERE agenda.operator = operator.id AND agenda.lane = lane.name AND agenda.attention IS NULL
        AND agenda.due <= (SELECT business_now())
        AND (agenda.lease IS NULL OR agenda.lease < statement_timestamp())
    ORDER BY agenda.due
    LIMIT 1
) AS waiting;

-- name: lease_lanes
-- Lease due lanes, as many as can be borne, with entries in order; no SMS overtakes the wallet.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest($1::integer[], $2::text[], $3::integer[], $4::interval[])
        AS asked (operator, lane, free, lasts)
),
taken AS MATERIALIZED (
    SELECT waiting.place
    FROM asked
    CROSS JOIN LATERAL (
        SELECT agenda.ctid AS place
        FROM agenda
        WHERE agenda.operator = asked.operator AND agenda.lane = asked.lane
            AND agenda.attention IS NULL AND agenda.due <= (SELECT business_now())
            AND (agenda.lease IS NULL OR agenda.lease < statement_timestamp())
            AND NOT EXISTS (
                SELECT
                FROM agenda AS before
                WHERE agenda.lane = 'sms' AND before.operator = agenda.operator
                    AND before.ticket = agenda.ticket AND before.lane = 'pam'
                    AND before.next_n < agenda.next_n
            )
        ORDER BY agenda.due
        LIMIT asked.free
        FOR UPDATE SKIP LOCKED
    ) AS waiting
),
leased AS (
    UPDATE agenda
    SET attempts = agenda.attempts + 1, lease = statement_timestamp() + asked.lasts
    FROM asked
    WHERE agenda.ctid = ANY(ARRAY(SELECT place FROM taken))
        AND agenda.operator = asked.operator AND agenda.lane = asked.lane
    RETURNING
        agenda.operator, agenda.ticket, agenda.lane, agenda.lease, agenda.next_n, agenda.last_n,
        agenda.attempts
)
SELECT
    leased.operator, leased.ticket, leased.lane, leased.lease, leased.attempts,
    (SELECT business_now()) AS now, entry.n, entry.action, entry.body, entry.at,
    (
        SELECT max(attempt.number)
        FROM attempt
        WHERE attempt.operator = entry.operator AND attempt.ticket = entry.ticket
            AND attempt.n = entry.n
    ) AS tried
FROM leased
LEFT JOIN LATERAL (
    SELECT journal.*
    FROM journal
    WHERE journal.operator = leased.operator AND journal.ticket = leased.ticket
        AND journal.n BETWEEN leased.next_n AND leased.last_n AND journal.lane = leased.lane
        AND NOT EXISTS (
            SELECT
            FROM agenda AS before
            WHERE leased.lane = 'sms' AND before.operator = leased.operator
                AND before.ticket = leased.ticket AND before.lane = 'pam'
                AND before.next_n < journal.n
        )
) AS entry ON true
ORDER BY leased.operator, leased.ticket, leased.lane, entry.n;

-- name: save_steps
-- Save what became of entries whose lanes are still leased to us; who lost a lease is not answered.
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest(
        $1::integer[], $2::bytea[], $3::text[], $4::timestamptz[], $5::integer[], $6::text[],
        $7::interval[], $8::interval[]
    ) AS given (operator, ticket, lane, lease, n, course, delay, closes_in)
),
moment AS MATERIALIZED (
    SELECT business_now() AS at
),
held AS MATERIALIZED (
    SELECT
        agenda.operator, agenda.ticket, agenda.lane, given.n, given.course, given.delay,
        given.closes_in,
        agenda.last_n, given.course = 'next' AND agenda.last_n = given.n AS is_drained
    FROM given
    JOIN agenda
        ON agenda.operator = given.operator AND agenda.ticket = given.ticket
        AND agenda.lane = given.lane AND agenda.lease = given.lease
    ORDER BY agenda.operator, agenda.ticket, agenda.lane
    FOR UPDATE OF agenda
),
moved AS (
    UPDATE agenda
    SET
        next_n = CASE held.course
            WHEN 'next' THEN coalesce((
                SELECT min(entry.n)
                FROM journal AS entry
                WHERE entry.operator = held.operator AND entry.ticket = held.ticket
                    AND entry.lane = held.lane AND entry.n > held.n
            ), held.n + 1)
            ELSE agenda.next_n
        END,
        last_n = held.last_n,
        attempts = CASE held.course WHEN 'next' THEN 1 ELSE agenda.attempts END,
        due = CASE held.course
            WHEN 'next' THEN agenda.due
            ELSE (SELECT at FROM moment) + held.delay
        END,
        attention = CASE held.course WHEN 'attention' THEN (SELECT at FROM moment) END,
        lease = CASE held.course WHEN 'next' THEN agenda.lease END
    FROM held
    WHERE agenda.operator = held.operator AND agenda.ticket = held.ticket
        AND agenda.lane = held.lane AND NOT held.is_drained
    RETURNING agenda.operator, agenda.ticket, agenda.lane, agenda.lease
),
drained AS (
    DELETE FROM agenda
    USING held
    WHERE agenda.operator = held.operator AND agenda.ticket = held.ticket
        AND agenda.lane = held.lane AND held.is_drained
    RETURNING agenda.operator, agenda.ticket, agenda.lane, held.closes_in
),
closing AS (
    INSERT INTO agenda (operator, ticket, lane, task, due)
    SELECT operator, ticket, 'life', 'close', (SELECT at FROM moment) + closes_in
    FROM drained
    WHERE closes_in IS NOT NULL
    ON CONFLICT (operator, ticket, lane)
    DO UPDATE SET due = excluded.due, attempts = 0, lease = NULL
    WHERE agenda.task = 'close'
),
hastened AS (
    UPDATE agenda
    SET due = (SELECT at FROM moment)
    FROM drained
    WHERE drained.closes_in IS NOT NULL AND agenda.operator = drained.operator
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
        $9::integer[], $10::bytea[], $11::integer[], $12::integer[], $13::boolean[],
        $14::text[], $15::smallint[], $16::integer[], $17::bytea[]
    ) AS given (operator, id, n, number, is_late, verdict, http_status, duration_ms, answer)
    ON CONFLICT DO NOTHING
)
SELECT operator, ticket, lane
FROM moved
WHERE lease IS NOT NULL;

-- name: give_back
-- Give a lease back, and let the lane wait for a while, without having tried.
UPDATE agenda
SET due = business_now() + $5::interval, attempts = greatest(attempts - 1, 0), lease = NULL
WHERE operator = $1 AND ticket = $2 AND lane = $3 AND lease = $4;

-- name: list_waiting
-- List what waits to be delivered, or for staff, the oldest first.
SELECT
    operator.name, waiting.ticket, lane.name AS lane, waiting.due, waiting.next_n,
    waiting.last_n, waiting.attempts, waiting.attention
FROM operator
CROSS JOIN (VALUES ('pam'), ('sms')) AS lane (name)
CROSS JOIN LATERAL (
    (
        SELECT ticket, due, next_n, last_n, attempts, attention
        FROM agenda
        WHERE agenda.operator = operator.id AND agenda.lane = lane.name AND attention IS NOT NULL
        ORDER BY attention
        LIMIT $3
    )
    UNION ALL
    (
        SELECT ticket, due, next_n, last_n, attempts, attention
        FROM agenda
        WHERE agenda.operator = operator.id AND agenda.lane = lane.name AND attention IS NULL
            AND NOT $2::boolean
        ORDER BY due
        LIMIT $3
    )
) AS waiting
WHERE $1::text IS NULL OR operator.name = $1
ORDER BY waiting.due
LIMIT $3;

-- name: replay
-- Let lanes that failed or were given up be tried at once; what was never tried keeps its time.
UPDATE agenda
SET due = business_now(), attempts = 0, attention = NULL
WHERE operator = $1 AND lane <> 'life' AND ($2::bytea IS NULL OR ticket = $2)
    AND (attempts > 0 OR attention IS NOT NULL)
    AND (lease IS NULL OR lease < statement_timestamp())
RETURNING ticket;

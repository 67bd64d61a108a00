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
-- A lane that nobody has leased before has nothing that was tried, so nobody looks for it.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest($1::integer[], $2::text[], $3::integer[], $4::interval[])
        AS asked (operator, lane, free, lasts)
),
taken AS MATERIALIZED (
    SELECT waiting.*
    FROM asked
    CROSS JOIN LATERAL (
        SELECT
            agenda.ctid AS place, agenda.operator, agenda.ticket, agenda.lane,
            agenda.attempts > 0 OR agenda.lease IS NOT NULL AS was_leased
        FROM agenda
        WHERE agenda.operator = asked.operator AND agenda.lane = asked.lane
            AND agenda.attention IS NULL AND agenda.due <= (SELECT business_now())
            AND (agenda.lease IS NULL OR agenda.lease < statement_timestamp())
            AND (agenda.lane <> 'sms' OR NOT EXISTS (
                SELECT
                FROM agenda AS before
                WHERE before.operator = agenda.operator AND before.ticket = agenda.ticket
                    AND before.lane = 'pam' AND before.next_n < agenda.next_n
            ))
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
    CASE
        WHEN (leased.operator, leased.ticket, leased.lane) IN (
            SELECT operator, ticket, lane
            FROM taken
            WHERE was_leased
        ) THEN (
            SELECT max(attempt.number)
            FROM attempt
            WHERE attempt.operator = leased.operator AND attempt.ticket = leased.ticket
                AND attempt.n = entry.n
        )
    END AS tried
FROM leased
LEFT JOIN journal AS entry
    ON entry.operator = leased.operator AND entry.ticket = leased.ticket
    AND entry.n BETWEEN leased.next_n AND leased.last_n AND entry.lane = leased.lane
    AND (leased.lane <> 'sms' OR NOT EXISTS (
        SELECT
        FROM agenda AS before
        WHERE before.operator = leased.operator AND before.ticket = leased.ticket
            AND before.lane = 'pam' AND before.next_n < entry.n
    ))
ORDER BY leased.operator, leased.ticket, leased.lane, entry.n;

-- name: save_steps
-- Save what became of entries whose lanes are still leased to us; who lost a lease is not answered.
-- Numbers and words come as arrays in texts, ids as one string of bytes: both cost the least.
WITH given AS MATERIALIZED (
    SELECT given.*, substr($2::bytea, 12 * given.place::integer - 11, 12) AS ticket
    FROM unnest(
        $1::text::integer[], $3::text::text[], $4::text::timestamptz[], $5::text::integer[],
        $6::text::text[], $7::text::interval[], $8::text::interval[], $9::text::integer[],
        $10::text::boolean[], $11::text::text[], $12::text::smallint[], $13::text::integer[],
        $14::bytea[]
    ) WITH ORDINALITY AS given (
        operator, lane, lease, n, course, delay, closes_in, number,
        is_late, verdict, http_status, duration_ms, answer, place
    )
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
        operator, ticket, n, number, is_late, (SELECT at FROM moment), verdict, http_status,
        duration_ms, answer
    FROM given
    WHERE number IS NOT NULL
    ON CONFLICT DO NOTHING
)
SELECT operator, ticket, lane, lease
FROM moved
WHERE lease IS NOT NULL;

-- name: give_back
-- Give leases back without having tried, and let the lanes wait for a while.
-- A lease that was given back has ended; only a lane that was never leased has none.
WITH held AS MATERIALIZED (
    SELECT agenda.operator, agenda.ticket, agenda.lane
    FROM unnest($1::integer[], $2::bytea[], $3::text[], $4::timestamptz[])
        AS given (operator, ticket, lane, lease)
    JOIN agenda
        ON agenda.operator = given.operator AND agenda.ticket = given.ticket
        AND agenda.lane = given.lane AND agenda.lease = given.lease
    ORDER BY agenda.operator, agenda.ticket, agenda.lane
    FOR UPDATE OF agenda
)
UPDATE agenda
SET
    due = business_now() + $5::interval,
    attempts = greatest(agenda.attempts - 1, 0),
    lease = statement_timestamp()
FROM held
WHERE agenda.operator = held.operator AND agenda.ticket = held.ticket
    AND agenda.lane = held.lane;

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
-- The schedule begins anew, and the ended lease tells that there were attempts before.
UPDATE agenda
SET due = business_now(), attempts = 0, attention = NULL, lease = statement_timestamp()
WHERE operator = $1 AND lane <> 'life' AND ($2::bytea IS NULL OR ticket = $2)
    AND (attempts > 0 OR attention IS NOT NULL)
    AND (lease IS NULL OR lease < statement_timestamp())
RETURNING ticket;

-- name: send_again
-- Let what a ticket's wallet was told be sent again from an entry on, unless its lane is leased.
-- Never the first entry: what places a ticket is sent once.
INSERT INTO agenda (operator, ticket, lane, task, due, next_n, last_n, lease)
SELECT
    $1::integer, $2::bytea, 'pam', 'deliver', business_now(), min(entry.n), max(entry.n),
    statement_timestamp()
FROM journal AS entry
WHERE entry.operator = $1 AND entry.ticket = $2 AND entry.lane = 'pam' AND entry.n > 1
    AND entry.n >= $3
HAVING count(*) > 0
ON CONFLICT (operator, ticket, lane) DO UPDATE
SET
    due = excluded.due,
    next_n = least(agenda.next_n, excluded.next_n),
    last_n = greatest(agenda.last_n, excluded.last_n),
    attempts = 0,
    attention = NULL,
    lease = excluded.lease
WHERE agenda.lease IS NULL OR agenda.lease < statement_timestamp()
RETURNING ticket;

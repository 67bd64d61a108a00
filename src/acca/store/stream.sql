-- name: prepare_heads
-- Find the operators with fresh entries, and give a head to those that have none yet.
WITH waiting AS MATERIALIZED (
    SELECT operator.id
    FROM operator
    CROSS JOIN LATERAL (
        SELECT
        FROM fresh
        WHERE fresh.operator = operator.id
        ORDER BY fresh.number
        LIMIT 1
    ) AS oldest
),
made AS (
    INSERT INTO stream_head (operator, number, hash)
    SELECT id, 0, $1
    FROM waiting
    WHERE NOT EXISTS (SELECT FROM stream_head WHERE stream_head.operator = waiting.id)
    ORDER BY id
    ON CONFLICT DO NOTHING
)
SELECT id
FROM waiting
ORDER BY id;

-- name: hold_head_for_update
-- Lock the head of an operator's stream, unless another holds it.
SELECT number, hash
FROM stream_head
WHERE operator = $1
FOR UPDATE SKIP LOCKED;

-- name: take_fresh
-- Take the oldest fresh entries of an operator, with what the journal says of them.
WITH taken AS MATERIALIZED (
    DELETE FROM fresh
    WHERE operator = $1 AND number = ANY(ARRAY(
        SELECT number
        FROM fresh
        WHERE operator = $1
        ORDER BY number
        LIMIT $2
    ))
    RETURNING number, ticket, n
)
SELECT
    taken.ticket, taken.n, entry.at, entry.kind, entry.status, entry.result,
    entry.lane, entry.action, entry.body
FROM taken
CROSS JOIN LATERAL (
    -- Each by its whole key: a plan made while the tables were empty would read all for each.
    SELECT at, kind, status, result, lane, action, body
    FROM journal
    WHERE operator = $1 AND ticket = taken.ticket AND n = taken.n
    OFFSET 0
) AS entry
ORDER BY taken.number;

-- name: append_stream
-- Add numbered entries to an operator's stream, and move its head to the last of them.
WITH added AS (
    INSERT INTO stream (operator, number, hash, ticket, n)
    SELECT $1, given.number, given.hash, given.ticket, given.n
    FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::integer[])
        AS given (number, hash, ticket, n)
)
UPDATE stream_head
SET number = $6, hash = $7
WHERE operator = $1;

-- name: read_page
-- Read entries of an operator's stream after a number, and its head; null before the first.
SELECT
    head.number AS head_number, head.hash AS head_hash,
    page.number, page.hash, page.ticket, page.n, page.at, page.kind, page.status, page.result,
    page.lane, page.action, page.body
FROM (SELECT) AS always
LEFT JOIN stream_head AS head ON head.operator = $1
LEFT JOIN LATERAL (
    SELECT
        entry.number, entry.hash, entry.ticket, entry.n, said.at, said.kind, said.status,
        said.result, said.lane, said.action, said.body
    FROM (
        SELECT number, hash, ticket, n
        FROM stream
        WHERE operator = $1 AND number > $2
        ORDER BY number
        LIMIT $3
    ) AS entry
    CROSS JOIN LATERAL (
        SELECT at, kind, status, result, lane, action, body
        FROM journal
        WHERE operator = $1 AND ticket = entry.ticket AND n = entry.n
        OFFSET 0
    ) AS said
) AS page ON true
ORDER BY page.number;

-- name: list_attempts
-- List the sendings of a ticket's journal entries; late answers follow the others of their entry.
SELECT n, number, is_late, at, verdict, http_status, duration_ms, answer
FROM attempt
WHERE operator = $1 AND ticket = $2
ORDER BY n, is_late, at, number;

-- name: list_entries
-- List the journal of a ticket.
SELECT n, at, kind, status, result, actor, lane, action, body
FROM journal
WHERE operator = $1 AND ticket = $2
ORDER BY n;

-- name: list_by_state
-- List tickets newest first, the newest of each wanted state merged.
WITH picked AS MATERIALIZED (
    SELECT found.id
    FROM unnest($2::text[], $3::text[]) AS wanted (status, result)
    CROSS JOIN LATERAL (
        SELECT state.id
        FROM ticket_state AS state
        JOIN ticket ON ticket.operator = state.operator AND ticket.id = state.id
        WHERE state.operator = $1 AND state.status = wanted.status AND state.result = wanted.result
            AND state.id >= $4 AND state.id < $5
            AND ticket.type = ANY($6::text[])
            AND ticket.created >= $7 AND ticket.created < $8
            AND starts_with(ticket.code, $9::text)
        ORDER BY state.id DESC
        LIMIT $10
    ) AS found
    ORDER BY found.id DESC
    LIMIT $10
)
SELECT
    ticket.*,
    state.n, state.status, state.result, state.approved, state.sealed,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents, state.settled_odds, state.updated, state.expires
FROM picked
JOIN ticket ON ticket.operator = $1 AND ticket.id = picked.id
JOIN ticket_state AS state ON state.operator = $1 AND state.id = picked.id
ORDER BY picked.id DESC;

-- name: list_by_type
-- List tickets newest first, the newest of each wanted type merged.
WITH picked AS MATERIALIZED (
    SELECT found.id
    FROM unnest($6::text[]) AS wanted (type)
    CROSS JOIN LATERAL (
        SELECT ticket.id
        FROM ticket
        JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
        WHERE ticket.operator = $1 AND ticket.type = wanted.type
            AND ticket.id >= $4 AND ticket.id < $5
            AND state.status = ANY($2::text[]) AND state.result = ANY($3::text[])
            AND ticket.created >= $7 AND ticket.created < $8
            AND starts_with(ticket.code, $9::text)
        ORDER BY ticket.id DESC
        LIMIT $10
    ) AS found
    ORDER BY found.id DESC
    LIMIT $10
)
SELECT
    ticket.*,
    state.n, state.status, state.result, state.approved, state.sealed,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents, state.settled_odds, state.updated, state.expires
FROM picked
JOIN ticket ON ticket.operator = $1 AND ticket.id = picked.id
JOIN ticket_state AS state ON state.operator = $1 AND state.id = picked.id
ORDER BY picked.id DESC;

-- name: list_by_player
-- List tickets of a player, newest first.
WITH picked AS MATERIALIZED (
    SELECT ticket.id
    FROM ticket
    JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
    WHERE ticket.operator = $1 AND ticket.player = $11
        AND ticket.id >= $4 AND ticket.id < $5
        AND state.status = ANY($2::text[]) AND state.result = ANY($3::text[])
        AND ticket.type = ANY($6::text[])
        AND ticket.created >= $7 AND ticket.created < $8 AND starts_with(ticket.code, $9::text)
    ORDER BY ticket.id DESC
    LIMIT $10
)
SELECT
    ticket.*,
    state.n, state.status, state.result, state.approved, state.sealed,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents, state.settled_odds, state.updated, state.expires
FROM picked
JOIN ticket ON ticket.operator = $1 AND ticket.id = picked.id
JOIN ticket_state AS state ON state.operator = $1 AND state.id = picked.id
ORDER BY picked.id DESC;

-- name: list_by_code
-- List tickets whose code begins so, newest first: few, found by their codes.
WITH picked AS MATERIALIZED (
    SELECT ticket.id
    FROM (
        SELECT code.ticket AS id
        FROM ticket_code AS code
        WHERE code.operator = $1 AND code.code >= $9 AND code.code < $9 || 'G'
        ORDER BY code.ticket DESC
        OFFSET 0
    ) AS coded
    JOIN ticket ON ticket.operator = $1 AND ticket.id = coded.id
    JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
    WHERE ticket.operator = $1 AND ticket.id >= $4 AND ticket.id < $5
        AND state.status = ANY($2::text[]) AND state.result = ANY($3::text[])
        AND ticket.type = ANY($6::text[])
        AND ticket.created >= $7 AND ticket.created < $8 AND starts_with(ticket.code, $9::text)
    ORDER BY ticket.id DESC
    LIMIT $10
)
SELECT
    ticket.*,
    state.n, state.status, state.result, state.approved, state.sealed,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents, state.settled_odds, state.updated, state.expires
FROM picked
JOIN ticket ON ticket.operator = $1 AND ticket.id = picked.id
JOIN ticket_state AS state ON state.operator = $1 AND state.id = picked.id
ORDER BY picked.id DESC;

-- name: list_recent
-- List tickets newest first, looked through one by one: for codes of which many begin so.
WITH picked AS MATERIALIZED (
    SELECT ticket.id
    FROM ticket
    JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
    WHERE ticket.operator = $1 AND ticket.id >= $4 AND ticket.id < $5
        AND state.status = ANY($2::text[]) AND state.result = ANY($3::text[])
        AND ticket.type = ANY($6::text[])
        AND ticket.created >= $7 AND ticket.created < $8 AND starts_with(ticket.code, $9::text)
    ORDER BY ticket.id DESC
    LIMIT $10
)
SELECT
    ticket.*,
    state.n, state.status, state.result, state.approved, state.sealed,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents, state.settled_odds, state.updated, state.expires
FROM picked
JOIN ticket ON ticket.operator = $1 AND ticket.id = picked.id
JOIN ticket_state AS state ON state.operator = $1 AND state.id = picked.id
ORDER BY picked.id DESC;

-- name: list_by_state
-- List tickets newest first, the newest of each wanted state merged.
WITH picked AS MATERIALIZED (
    SELECT found.id
    FROM unnest($2::text[], $3::text[]) AS wanted (status, result)
    CROSS JOIN LATERAL (
        SELECT id
        FROM ticket_state AS state
        CROSS JOIN LATERAL (
            SELECT
            FROM ticket
            WHERE operator = $1 AND id = state.id AND type = ANY($6::text[])
                AND created >= $7 AND created < $8 AND starts_with(code, $9::text)
            OFFSET 0
        ) AS fitting
        WHERE operator = $1 AND status = wanted.status AND result = wanted.result
            AND id >= $4 AND id < $5
        ORDER BY id DESC
        LIMIT (SELECT $10::bigint)
    ) AS found
    ORDER BY found.id DESC
    LIMIT (SELECT $10::bigint)
)
SELECT ticket.*, state.*
FROM picked
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS ticket
CROSS JOIN LATERAL (
    SELECT
        n, status, result, approved, sealed, gross_cents AS now_gross_cents,
        wht_cents AS now_wht_cents, net_cents AS now_net_cents, settled_odds, updated, expires,
        held, closing, told_gross_cents, told_wht_cents, told_net_cents
    FROM ticket_state
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS state
ORDER BY picked.id DESC;

-- name: list_by_type
-- List tickets newest first, the newest of each wanted type merged.
WITH picked AS MATERIALIZED (
    SELECT found.id
    FROM unnest($6::text[]) AS wanted (type)
    CROSS JOIN LATERAL (
        SELECT id
        FROM ticket
        CROSS JOIN LATERAL (
            SELECT
            FROM ticket_state
            WHERE operator = $1 AND id = ticket.id
                AND status = ANY($2::text[]) AND result = ANY($3::text[])
            OFFSET 0
        ) AS fitting
        WHERE operator = $1 AND type = wanted.type AND id >= $4 AND id < $5
            AND created >= $7 AND created < $8 AND starts_with(code, $9::text)
        ORDER BY id DESC
        LIMIT (SELECT $10::bigint)
    ) AS found
    ORDER BY found.id DESC
    LIMIT (SELECT $10::bigint)
)
SELECT ticket.*, state.*
FROM picked
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS ticket
CROSS JOIN LATERAL (
    SELECT
        n, status, result, approved, sealed, gross_cents AS now_gross_cents,
        wht_cents AS now_wht_cents, net_cents AS now_net_cents, settled_odds, updated, expires,
        held, closing, told_gross_cents, told_wht_cents, told_net_cents
    FROM ticket_state
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS state
ORDER BY picked.id DESC;

-- name: list_by_player
-- List tickets of a player newest first, the newest of each wanted state merged.
WITH picked AS MATERIALIZED (
    SELECT found.id
    FROM unnest($2::text[], $3::text[]) AS wanted (status, result)
    CROSS JOIN LATERAL (
        SELECT id
        FROM ticket_state AS state
        CROSS JOIN LATERAL (
            SELECT
            FROM ticket
            WHERE operator = $1 AND id = state.id AND type = ANY($6::text[])
                AND created >= $7 AND created < $8 AND starts_with(code, $9::text)
            OFFSET 0
        ) AS fitting
        WHERE operator = $1 AND player = $10 AND status = wanted.status
            AND result = wanted.result AND id >= $4 AND id < $5
        ORDER BY id DESC
        LIMIT (SELECT $11::bigint)
    ) AS found
    ORDER BY found.id DESC
    LIMIT (SELECT $11::bigint)
)
SELECT ticket.*, state.*
FROM picked
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS ticket
CROSS JOIN LATERAL (
    SELECT
        n, status, result, approved, sealed, gross_cents AS now_gross_cents,
        wht_cents AS now_wht_cents, net_cents AS now_net_cents, settled_odds, updated, expires,
        held, closing, told_gross_cents, told_wht_cents, told_net_cents
    FROM ticket_state
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS state
ORDER BY picked.id DESC;

-- name: walk_player
-- List tickets of a player newest first, looked through one by one.
WITH picked AS MATERIALIZED (
    SELECT id
    FROM ticket
    CROSS JOIN LATERAL (
        SELECT
        FROM ticket_state
        WHERE operator = $1 AND id = ticket.id
            AND status = ANY($2::text[]) AND result = ANY($3::text[])
        OFFSET 0
    ) AS fitting
    WHERE operator = $1 AND player = $10 AND id >= $4 AND id < $5
        AND created >= $7 AND created < $8 AND starts_with(code, $9::text)
        AND type = ANY($6::text[])
    ORDER BY id DESC
    LIMIT (SELECT $11::bigint)
)
SELECT ticket.*, state.*
FROM picked
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS ticket
CROSS JOIN LATERAL (
    SELECT
        n, status, result, approved, sealed, gross_cents AS now_gross_cents,
        wht_cents AS now_wht_cents, net_cents AS now_net_cents, settled_odds, updated, expires,
        held, closing, told_gross_cents, told_wht_cents, told_net_cents
    FROM ticket_state
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS state
ORDER BY picked.id DESC;

-- name: list_by_code
-- List tickets whose code begins so, newest first: few, found by their codes.
-- A prefix that the planner cannot see keeps it from planning anew for each.
WITH picked AS MATERIALIZED (
    SELECT coded.id
    FROM (
        SELECT ticket AS id
        FROM ticket_code
        WHERE operator = $1
            AND code >= (SELECT $9::text) AND code < (SELECT $9::text || 'G')
            AND ticket >= $4 AND ticket < $5
        ORDER BY ticket DESC
        OFFSET 0
    ) AS coded
    CROSS JOIN LATERAL (
        SELECT
        FROM ticket
        WHERE operator = $1 AND id = coded.id AND type = ANY($6::text[])
            AND created >= $7 AND created < $8 AND starts_with(code, (SELECT $9::text))
        OFFSET 0
    ) AS told
    CROSS JOIN LATERAL (
        SELECT
        FROM ticket_state
        WHERE operator = $1 AND id = coded.id
            AND status = ANY($2::text[]) AND result = ANY($3::text[])
        OFFSET 0
    ) AS stood
    ORDER BY coded.id DESC
    LIMIT (SELECT $10::bigint)
)
SELECT ticket.*, state.*
FROM picked
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS ticket
CROSS JOIN LATERAL (
    SELECT
        n, status, result, approved, sealed, gross_cents AS now_gross_cents,
        wht_cents AS now_wht_cents, net_cents AS now_net_cents, settled_odds, updated, expires,
        held, closing, told_gross_cents, told_wht_cents, told_net_cents
    FROM ticket_state
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS state
ORDER BY picked.id DESC;

-- name: list_recent
-- List tickets newest first, looked through one by one: for codes of which many begin so.
WITH picked AS MATERIALIZED (
    SELECT id
    FROM ticket
    CROSS JOIN LATERAL (
        SELECT
        FROM ticket_state
        WHERE operator = $1 AND id = ticket.id
            AND status = ANY($2::text[]) AND result = ANY($3::text[])
        OFFSET 0
    ) AS fitting
    WHERE operator = $1 AND left(code, 1) = left((SELECT $9::text), 1) AND id >= $4 AND id < $5
        AND created >= $7 AND created < $8 AND starts_with(code, (SELECT $9::text))
        AND type = ANY($6::text[])
    ORDER BY id DESC
    LIMIT (SELECT $10::bigint)
)
SELECT ticket.*, state.*
FROM picked
CROSS JOIN LATERAL (
    SELECT *
    FROM ticket
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS ticket
CROSS JOIN LATERAL (
    SELECT
        n, status, result, approved, sealed, gross_cents AS now_gross_cents,
        wht_cents AS now_wht_cents, net_cents AS now_net_cents, settled_odds, updated, expires,
        held, closing, told_gross_cents, told_wht_cents, told_net_cents
    FROM ticket_state
    WHERE operator = $1 AND id = picked.id
    OFFSET 0
) AS state
ORDER BY picked.id DESC;

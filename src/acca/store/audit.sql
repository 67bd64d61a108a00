-- name: page_tickets
-- Read the next tickets of an operator in the order of their ids: facts, state and what waits.
SELECT
    ticket.id, ticket.type, ticket.price_cents, ticket.stake_cents, ticket.ext_cents,
    ticket.gross_cents, ticket.wht_cents, ticket.net_cents, ticket.cap_cents, ticket.events,
    ticket.is_reservation, ticket.created, state.n, state.status, state.result, state.approved,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents,
    ARRAY(
        SELECT agenda.next_n
        FROM agenda
        WHERE agenda.operator = ticket.operator AND agenda.ticket = ticket.id
            AND agenda.lane = 'pam'
    ) AS next_n,
    (
        SELECT max(event.starts)
        FROM event
        WHERE event.id = ANY(ticket.events) AND event.starts <= ticket.created
    ) AS started
FROM ticket
LEFT JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
WHERE ticket.operator = $1 AND ticket.id > $2
ORDER BY ticket.id
LIMIT $3;

-- name: read_journals
-- Read the journals of tickets of an operator, each in its order.
SELECT entry.ticket, entry.n, entry.at, entry.kind, entry.status, entry.result, entry.approved,
    entry.lane, entry.action,
    CASE
        WHEN entry.action IN ('ticket_update', 'ticket_void') THEN entry.body
    END AS body
FROM unnest($2::bytea[]) AS given (id)
JOIN journal AS entry ON entry.operator = $1 AND entry.ticket = given.id
ORDER BY entry.ticket, entry.n;

-- name: page_stream
-- Read the next entries of an operator's stream with what the journal says of each.
SELECT
    entry.number, entry.hash, entry.ticket, entry.n, said.at, said.kind, said.status,
    said.result, said.lane, said.action, said.body
FROM stream AS entry
LEFT JOIN LATERAL (
    SELECT at, kind, status, result, lane, action, body
    FROM journal
    WHERE operator = $1 AND ticket = entry.ticket AND n = entry.n
    LIMIT 1
) AS said ON true
WHERE entry.operator = $1 AND entry.number > $2 AND entry.number <= $3
ORDER BY entry.number
LIMIT $4;

-- name: read_head
-- Read the head of an operator's stream, and the business time.
SELECT coalesce(head.number, 0) AS number, head.hash, business_now() AS now
FROM (SELECT) AS always
LEFT JOIN stream_head AS head ON head.operator = $1;

-- name: list_waiting
-- List the entries of an operator that have no number in its stream yet.
SELECT waiting.ticket, waiting.n, said.at
FROM fresh AS waiting
LEFT JOIN LATERAL (
    SELECT at
    FROM journal
    WHERE operator = waiting.operator AND ticket = waiting.ticket AND n = waiting.n
    LIMIT 1
) AS said ON true
WHERE waiting.operator = $1;

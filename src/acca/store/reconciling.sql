-- name: page_ids
-- Read the next ids of an operator's tickets from one id on and before another.
SELECT id
FROM ticket
WHERE operator = $1 AND id >= $2 AND id < $3
ORDER BY id
LIMIT $4;

-- name: read_placed
-- Read of tickets of an operator what a wallet should know of them, and from where on it waits.
SELECT
    ticket.id, ticket.code, ticket.currency, ticket.player, ticket.price_cents, ticket.net_cents,
    state.status, state.n, agenda.next_n
FROM unnest($2::bytea[]) AS given (id)
JOIN ticket ON ticket.operator = $1 AND ticket.id = given.id
CROSS JOIN LATERAL (
    SELECT status, n
    FROM ticket_state
    WHERE operator = $1 AND id = given.id
    LIMIT 1
) AS state
LEFT JOIN agenda
    ON agenda.operator = $1 AND agenda.ticket = given.id AND agenda.lane = 'pam';

-- name: read_told
-- Read which calls tickets of an operator were to be told by, with the bodies that tell amounts.
SELECT
    entry.ticket, entry.n, entry.action,
    CASE
        WHEN entry.action IN ('ticket_update', 'ticket_void') THEN entry.body
    END AS body
FROM unnest($2::bytea[]) AS given (id)
JOIN journal AS entry ON entry.operator = $1 AND entry.ticket = given.id
WHERE entry.lane = 'pam'
ORDER BY entry.ticket, entry.n;

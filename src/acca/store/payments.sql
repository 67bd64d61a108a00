-- name: lock_events
-- Hold events as they are, so that none starts, moves or stops until we have decided.
SELECT id
FROM event
WHERE id = ANY($1::integer[])
ORDER BY id
FOR SHARE;

-- name: lock_cards
-- Hold cards as they are, and tell which of them take tickets.
SELECT card.operator, card.code, card.closed IS NULL AND card.settled IS NULL AS is_open
FROM unnest($1::integer[], $2::text[]) AS given (operator, code)
JOIN card ON card.operator = given.operator AND card.code = given.code
ORDER BY card.operator, card.code
FOR SHARE OF card;

-- name: lock_tickets
-- Hold tickets in the order of their ids, so that nobody moves them until we have.
SELECT state.n
FROM unnest($1::integer[], $2::bytea[]) AS given (operator, id)
JOIN ticket_state AS state ON state.operator = given.operator AND state.id = given.id
ORDER BY state.operator, state.id
FOR UPDATE OF state;

-- name: claim_requests
-- Keep which entries decide requests; a key that another request has is not answered.
INSERT INTO request_claim (operator, key, body, ticket, n, until)
SELECT
    given.operator, given.key, given.body, given.ticket, given.n,
    statement_timestamp() + given.seconds * interval '1 second'
FROM unnest(
    $1::integer[], $2::bytea[], $3::bytea[], $4::bytea[], $5::integer[], $6::double precision[]
) AS given (operator, key, body, ticket, n, seconds)
ORDER BY given.operator, given.key
ON CONFLICT (operator, key) DO UPDATE
SET
    body = excluded.body,
    ticket = excluded.ticket,
    n = excluded.n,
    until = excluded.until
WHERE request_claim.until < statement_timestamp()
RETURNING operator, key;

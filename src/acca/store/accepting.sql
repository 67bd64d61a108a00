-- name: hold_players
-- Let nobody else count the days of these players until the transaction ends.
WITH players AS MATERIALIZED (
    SELECT DISTINCT hashtextextended(given.player, given.operator) AS number
    FROM unnest($1::integer[], $2::text[]) AS given (operator, player)
    ORDER BY number
)
SELECT pg_advisory_xact_lock(number)
FROM players;

-- name: sum_stakes
-- Sum what players have staked since an id, on tickets of a type and currency that live.
SELECT coalesce(staked.cents, 0)::bigint AS cents
FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY
    AS given (operator, player, type, currency, first, place)
CROSS JOIN LATERAL (
    SELECT sum(ticket.price_cents) AS cents
    FROM ticket
    JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
    WHERE ticket.operator = given.operator AND ticket.player = given.player
        AND ticket.id >= given.first AND ticket.type = given.type
        AND ticket.currency = given.currency AND state.status <> 'cancelled'
) AS staked
ORDER BY given.place;

-- name: fill_history
-- Add made-up changes of odds of these events, half of them in this month and half in the next.
INSERT INTO odds_history (changed, event, bet, odds, derived, version)
SELECT
    date_trunc('month', business_now()) + make_interval(
        months => number % 2, secs => number::bigint * 7919 % 2332800
    ),
    ($1::integer[])[1 + number % cardinality($1)], 1 + number % 40, 200 + number % 97, false, 0
FROM generate_series($2::integer, $3::integer) AS number;

-- name: read_for_share
-- Hold events as the acceptance of tickets does, in the order of ids, and read their odds.
SELECT
    event.id, event.state, event.starts, event.stops, event.closed,
    event_odds.bets, event_odds.odds
FROM event
JOIN event_odds ON event_odds.event = event.id
WHERE event.id = ANY($1::integer[])
ORDER BY event.id
FOR SHARE OF event;

-- name: fill_tickets
-- Add made-up open tickets of five legs, of which the last stands on one event at either side.
WITH made AS (
    SELECT
        number, decode(
            lpad(to_hex(extract(epoch FROM business_now())::bigint), 8, '0')
            || lpad(to_hex(number::bigint), 16, '0'), 'hex'
        ) AS id, business_now() AS at
    FROM generate_series($2::integer, $3::integer) AS number
),
written AS (
    INSERT INTO ticket (
        operator, id, code, type, source, currency, player, price_cents, stake_cents, ext_cents,
        gross_cents, wht_cents, net_cents, uncapped_cents, tax_profile, void_refund, total_odds,
        events, bets, odds, is_reservation, created
    )
    SELECT
        $1, id, upper(lpad(to_hex(number), 8, '0')), 'quickbet', 'mobile', 'KES',
        'player-' || number, 1000, 1000, 0, 7590, 0, 7590, 7590, $7, 'price', 759,
        $4::integer[], $5::smallint[] || ($6::smallint[])[1 + number % 2],
        ARRAY[150, 150, 150, 150, 150], false, at
    FROM made
),
stood AS (
    INSERT INTO ticket_state (
        operator, id, n, status, result, approved, gross_cents, wht_cents, net_cents, updated,
        player
    )
    SELECT $1, id, 2, 'open', 'pending', true, 7590, 0, 7590, at, 'player-' || number
    FROM made
),
named AS (
    INSERT INTO ticket_code (operator, code, ticket)
    SELECT $1, upper(lpad(to_hex(number), 8, '0')), id
    FROM made
)
INSERT INTO journal (
    operator, ticket, n, at, kind, status, result, approved, lane, action, body
)
SELECT
    $1, id, k, at, CASE k WHEN 1 THEN 'new' ELSE 'confirm' END,
    CASE k WHEN 1 THEN 'new' ELSE 'open' END, 'pending', true,
    CASE k WHEN 1 THEN 'pam' END, CASE k WHEN 1 THEN 'ticket_create' END,
    CASE k WHEN 1 THEN convert_to('{}', 'UTF8') END
FROM made, generate_series(1, 2) AS k;

-- name: analyse
-- Let the planner know what was filled in.
ANALYZE;

-- name: count_unsettled
-- Count the tickets of an operator that are still open.
SELECT count(*)
FROM ticket_state
WHERE operator = $1 AND status = 'open';

-- name: bare_list
-- List the tickets of an event.
SELECT id
FROM ticket
WHERE events @> ARRAY[$1::integer];

-- name: bare_hold
-- Hold tickets and read what their payout is made of, and nothing else.
SELECT ticket.id, ticket.events, ticket.bets, ticket.odds, ticket.stake_cents, state.n
FROM unnest($2::bytea[]) AS given (id)
JOIN ticket_state AS state ON state.operator = $1 AND state.id = given.id
JOIN ticket ON ticket.operator = $1 AND ticket.id = given.id
ORDER BY state.id
FOR UPDATE OF state;

-- name: bare_save
-- Write what tickets ended with: state, one entry of the journal, one lane of the agenda.
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest($2::bytea[], $3::integer[], $4::text[], $5::bigint[], $6::text[], $7::bytea[])
        AS given (id, n, result, cents, action, body)
),
moved AS (
    UPDATE ticket_state AS state
    SET
        n = given.n + 1, status = 'resulted', result = given.result, gross_cents = given.cents,
        wht_cents = 0, net_cents = given.cents
    FROM given
    WHERE state.operator = $1 AND state.id = given.id AND state.n = given.n
),
noted AS (
    INSERT INTO journal (
        operator, ticket, n, at, kind, status, result, approved, lane, action, body
    )
    SELECT
        $1, id, n + 1, statement_timestamp(), 'settle', 'resulted', result, true, 'pam', action,
        body
    FROM given
),
listed AS (
    INSERT INTO fresh (operator, ticket, n)
    SELECT $1, id, n + 1
    FROM given
)
INSERT INTO agenda (operator, ticket, lane, task, due, next_n, last_n)
SELECT $1, id, 'pam', 'deliver', statement_timestamp(), n + 1, n + 1
FROM given;

-- name: look_for_work
-- Tell whether there are jobs to be listed, and chunks to be settled.
SELECT
    EXISTS (SELECT FROM settlement_job) AS jobs,
    EXISTS (SELECT FROM settlement_chunk WHERE due <= statement_timestamp()) AS chunks;

-- name: take_job
-- Hold the oldest job that nobody holds; its lock is the lease.
SELECT id, event, operator, card, step
FROM settlement_job
ORDER BY id
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: list_of_event
-- List the tickets that stand on an event, of one operator or of all, as they lie.
SELECT int4send(operator) || id AS key
FROM ticket
WHERE events @> ARRAY[$1::integer] AND ($2::integer IS NULL OR operator = $2);

-- name: list_of_card
-- List the tickets of a card.
SELECT int4send(operator) || id AS key
FROM ticket
WHERE operator = $1 AND card = $2;

-- name: add_chunk
-- Put tickets down to be settled together, at once or after a while.
INSERT INTO settlement_chunk (place, due, operator, card, step, keys)
VALUES ($1, statement_timestamp() + $2::interval, $3, $4, $5, $6);

-- name: drop_job
-- Forget a job that is listed.
DELETE FROM settlement_job
WHERE id = $1;

-- name: take_chunk
-- Hold the chunk that comes first of those that nobody holds; its lock is the lease.
SELECT id, place, operator, card, step, keys
FROM settlement_chunk
WHERE due <= statement_timestamp()
ORDER BY place, id
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: drop_chunk
-- Forget a chunk that is settled.
DELETE FROM settlement_chunk
WHERE id = $1;

-- name: get_for_update
-- Read tickets by their keys, facts and state, and hold them in the order of their ids.
SELECT
    ticket.operator, ticket.id, ticket.code, ticket.type, ticket.source, ticket.currency,
    ticket.player, ticket.psp, ticket.atag, ticket.rtag, ticket.msisdn,
    ticket.price_cents, ticket.stake_cents, ticket.ext_cents, ticket.gross_cents,
    ticket.wht_cents, ticket.net_cents, ticket.uncapped_cents, ticket.cap_cents,
    ticket.tax_profile, ticket.void_refund, ticket.affiliate_cents, ticket.affiliate_rate,
    ticket.total_odds, ticket.events, ticket.bets, ticket.odds, ticket.card, ticket.lines,
    ticket.is_reservation, ticket.created,
    state.n, state.status, state.result, state.approved, state.sealed,
    state.gross_cents AS now_gross_cents, state.wht_cents AS now_wht_cents,
    state.net_cents AS now_net_cents, state.settled_odds, state.updated, state.expires,
    state.held, state.closing, state.told_gross_cents, state.told_wht_cents, state.told_net_cents
FROM unnest($1::integer[], $2::bytea[]) AS given (operator, id)
JOIN ticket_state AS state ON state.operator = given.operator AND state.id = given.id
JOIN ticket ON ticket.operator = given.operator AND ticket.id = given.id
ORDER BY state.operator, state.id
FOR UPDATE OF state;

-- name: read_facts
-- Read how events ended as is known now, and for which tickets they count as not played.
SELECT
    event.id, sport.code AS sport, fact.ending, fact.total, fact.periods, fact.first,
    ARRAY(
        SELECT judged.operator
        FROM postponement_judged AS judged
        WHERE judged.operator = ANY($2::integer[]) AND judged.event = event.id AND judged.is_void
        ORDER BY judged.operator, judged.version
    ) AS void_operators,
    ARRAY(
        SELECT judged.told
        FROM postponement_judged AS judged
        WHERE judged.operator = ANY($2::integer[]) AND judged.event = event.id AND judged.is_void
        ORDER BY judged.operator, judged.version
    ) AS void_before
FROM event
JOIN sport ON sport.id = event.sport
LEFT JOIN LATERAL (
    SELECT ending, total, periods, first
    FROM result
    WHERE result.event = event.id AND confirmed IS NOT NULL
    ORDER BY version DESC
    LIMIT 1
) AS fact ON true
WHERE event.id = ANY($1::integer[]);

-- name: note_late
-- Keep what closed tickets would have ended with, and forget it where it is as they ended.
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest(
        $1::integer[], $2::bytea[], $3::boolean[], $4::text[], $5::bigint[], $6::bigint[],
        $7::bigint[]
    ) AS given (operator, ticket, differs, result, gross_cents, wht_cents, net_cents)
),
forgotten AS (
    DELETE FROM late_correction AS late
    USING given
    WHERE NOT given.differs AND late.operator = given.operator AND late.ticket = given.ticket
)
INSERT INTO late_correction (operator, ticket, result, gross_cents, wht_cents, net_cents)
SELECT operator, ticket, result, gross_cents, wht_cents, net_cents
FROM given
WHERE differs
ORDER BY operator, ticket
ON CONFLICT (operator, ticket) DO UPDATE
SET
    found = excluded.found,
    result = excluded.result,
    gross_cents = excluded.gross_cents,
    wht_cents = excluded.wht_cents,
    net_cents = excluded.net_cents;

-- name: list_late
-- List tickets that are closed and would have ended otherwise, with both ends, the newest first.
SELECT
    operator.name, ticket.id, ticket.code, ticket.type, ticket.currency, late.found,
    state.result AS was_result, state.net_cents AS was_net_cents,
    late.result, late.net_cents
FROM late_correction AS late
JOIN operator ON operator.id = late.operator
JOIN ticket ON ticket.operator = late.operator AND ticket.id = late.ticket
JOIN ticket_state AS state ON state.operator = late.operator AND state.id = late.ticket
WHERE $1::text IS NULL OR operator.name = $1
ORDER BY late.found DESC, late.operator, late.ticket
LIMIT $2;

-- name: mark_attention
-- Let staff look at a ticket that cannot be settled.
INSERT INTO agenda (operator, ticket, lane, task, due, attention)
VALUES ($1, $2, 'life', 'settle', business_now(), business_now())
ON CONFLICT (operator, ticket, lane) DO UPDATE SET attention = excluded.attention, lease = NULL;

-- name: list_attention
-- List tickets whose settlement waits for staff, the longest waiting first.
SELECT
    operator.name, ticket.id, ticket.code, ticket.type, ticket.currency, agenda.attention AS since,
    state.held, state.status, ticket.net_cents AS struck_net_cents
FROM operator
CROSS JOIN LATERAL (
    SELECT *
    FROM agenda
    WHERE agenda.operator = operator.id AND agenda.attention IS NOT NULL
        AND agenda.lane = 'life'
    ORDER BY agenda.attention
    LIMIT $2
) AS agenda
JOIN ticket ON ticket.operator = operator.id AND ticket.id = agenda.ticket
JOIN ticket_state AS state ON state.operator = operator.id AND state.id = agenda.ticket
WHERE $1::text IS NULL OR operator.name = $1
ORDER BY agenda.attention
LIMIT $2;

-- name: accept_tickets
-- Write new tickets whose events, bets, odds, card, code and claim are free; tell each its verdict.
-- All but bytes comes as arrays in texts, ids as one string of bytes: both cost the least.
WITH given AS MATERIALIZED (
    SELECT given.*, substr($1::bytea, 12 * given.place::integer - 11, 12) AS id
    FROM unnest(
        $2::bytea[], $3::bytea[], $4::bytea[],
        $5::text::integer[], $6::text::text[], $7::text::text[], $8::text::text[],
        $9::text::text[], $10::text::text[], $11::text::text[], $12::text::text[],
        $13::text::text[], $14::text::text[], $15::text::bigint[], $16::text::bigint[],
        $17::text::bigint[], $18::text::bigint[], $19::text::bigint[], $20::text::bigint[],
        $21::text::bigint[], $22::text::bigint[], $23::text::integer[], $24::text::text[],
        $25::text::bigint[], $26::text::integer[], $27::text::bigint[], $28::text::text[],
        $29::text::text[], $30::text::text[], $31::text::text[], $32::text::integer[],
        $33::text::boolean[], $34::text::boolean[], $35::text::text[],
        $36::text::double precision[], $37::text::double precision[]
    ) WITH ORDINALITY AS given (
        body, claim_key, claim_body,
        operator, code, type, source, currency, player,
        psp, atag, rtag, msisdn, price_cents, stake_cents,
        ext_cents, gross_cents, wht_cents, net_cents, uncapped_cents, cap_cents,
        tax_profile, void_refund, affiliate_cents, affiliate_rate, total_odds, events,
        bets, odds, card, lines, is_reservation, approved,
        action, claim_seconds, call_seconds, place
    )
),
moment AS MATERIALIZED (
    SELECT business_now() AS at, statement_timestamp() AS machine
),
locked AS MATERIALIZED (
    SELECT id, starts, state, cardinality(stops) > 0 AS is_stopped, closed
    FROM event
    WHERE id = ANY($38::text::integer[])
    ORDER BY id
    FOR SHARE
),
offered AS MATERIALIZED (
    SELECT event, bets, odds
    FROM event_odds
    WHERE event = ANY($38::text::integer[])
),
held AS MATERIALIZED (
    SELECT operator, code, closed IS NULL AND settled IS NULL AS is_open
    FROM card
    WHERE (operator, code) IN (SELECT operator, card FROM given WHERE card IS NOT NULL)
    ORDER BY operator, code
    FOR SHARE
),
judged AS MATERIALIZED (
    SELECT
        given.place,
        bool_and(
            locked.state = 'scheduled' AND NOT locked.is_stopped
            AND locked.starts > (SELECT at FROM moment)
            AND NOT leg.bet = ANY(locked.closed)
            AND (
                leg.odds IS NULL
                OR offer.odds[array_position(offer.bets, leg.bet)] IS NOT DISTINCT FROM leg.odds
            )
        ) AS stands
    FROM given
    CROSS JOIN LATERAL unnest(
        given.events::integer[], given.bets::smallint[], given.odds::integer[]
    ) AS leg (event, bet, odds)
    LEFT JOIN locked ON locked.id = leg.event
    LEFT JOIN offered AS offer ON offer.event = leg.event AND leg.odds IS NOT NULL
    GROUP BY given.place
),
fitting AS MATERIALIZED (
    SELECT given.*
    FROM given
    JOIN judged ON judged.place = given.place AND judged.stands
    LEFT JOIN held ON held.operator = given.operator AND held.code = given.card
    WHERE given.card IS NULL OR held.is_open
),
coded AS (
    INSERT INTO ticket_code (operator, code, ticket)
    SELECT operator, code, id
    FROM fitting
    ORDER BY operator, code
    ON CONFLICT DO NOTHING
    RETURNING operator, ticket
),
claimed AS (
    INSERT INTO request_claim (operator, key, body, ticket, n, until)
    SELECT
        fitting.operator, fitting.claim_key, fitting.claim_body, fitting.id, 2,
        (SELECT machine FROM moment) + fitting.claim_seconds * interval '1 second'
    FROM fitting
    JOIN coded ON coded.operator = fitting.operator AND coded.ticket = fitting.id
    ORDER BY fitting.operator, fitting.claim_key
    ON CONFLICT (operator, key) DO UPDATE
    SET
        body = excluded.body,
        ticket = excluded.ticket,
        n = excluded.n,
        until = excluded.until
    WHERE request_claim.until < statement_timestamp()
    RETURNING operator, ticket
),
taken AS MATERIALIZED (
    SELECT fitting.*
    FROM fitting
    JOIN claimed ON claimed.operator = fitting.operator AND claimed.ticket = fitting.id
),
written AS (
    INSERT INTO ticket (
        operator, id, code, type, source, currency, player, psp, atag, rtag, msisdn,
        price_cents, stake_cents, ext_cents, gross_cents, wht_cents, net_cents, uncapped_cents,
        cap_cents, tax_profile, void_refund, affiliate_cents, affiliate_rate, total_odds,
        events, bets, odds, card, lines, is_reservation, created
    )
    SELECT
        operator, id, code, type, source, currency, player, psp, atag, rtag, msisdn,
        price_cents, stake_cents, ext_cents, gross_cents, wht_cents, net_cents, uncapped_cents,
        cap_cents, tax_profile, void_refund, affiliate_cents, affiliate_rate, total_odds,
        events::integer[], bets::smallint[], odds::integer[], card, lines, is_reservation,
        (SELECT at FROM moment)
    FROM taken
),
stood AS (
    INSERT INTO ticket_state (
        operator, id, n, status, result, approved, gross_cents, wht_cents, net_cents,
        updated, call_until, player
    )
    SELECT
        operator, id, 1, 'new', 'pending', approved, gross_cents, wht_cents, net_cents,
        (SELECT at FROM moment),
        (SELECT machine FROM moment) + call_seconds * interval '1 second', player
    FROM taken
),
noted AS (
    INSERT INTO journal (
        operator, ticket, n, at, kind, status, result, approved, lane, action, body
    )
    SELECT
        operator, id, 1, (SELECT at FROM moment), 'new', 'new', 'pending', approved,
        'pam', action, body
    FROM taken
),
waiting AS (
    INSERT INTO agenda (operator, ticket, lane, task, due, lease)
    SELECT
        operator, id, 'life', 'recover', (SELECT at FROM moment),
        (SELECT machine FROM moment) + call_seconds * interval '1 second'
    FROM taken
),
listed AS (
    INSERT INTO fresh (operator, ticket, n)
    SELECT operator, id, 1
    FROM taken
)
SELECT
    CASE
        WHEN taken.id IS NOT NULL THEN 'taken'
        WHEN coded.ticket IS NOT NULL THEN 'claimed'
        WHEN fitting.id IS NOT NULL THEN 'coded'
        ELSE 'moved'
    END AS verdict,
    (SELECT at FROM moment) AS at
FROM given
LEFT JOIN fitting ON fitting.place = given.place
LEFT JOIN coded ON coded.operator = given.operator AND coded.ticket = given.id
LEFT JOIN taken ON taken.place = given.place
ORDER BY given.place;

-- name: save_changes
-- Move tickets on from the journal numbers they were seen at; who was overtaken is not answered.
-- Numbers and words come as arrays in texts, ids as one string of bytes: both cost the least.
WITH given AS MATERIALIZED (
    SELECT given.*, substr($2::bytea, 12 * given.place::integer - 11, 12) AS id
    FROM unnest(
        $1::text::integer[], $3::text::integer[], $4::text::integer[], $5::text::text[],
        $6::text::text[], $7::text::boolean[], $8::text::boolean[], $9::text::bigint[],
        $10::text::bigint[], $11::text::bigint[], $12::text::bigint[], $13::text::timestamptz[],
        $14::text::boolean[], $15::text::boolean[], $16::text::bigint[], $17::text::bigint[],
        $18::text::bigint[], $19::text::text[], $20::text::timestamptz[], $21::text::boolean[],
        $22::text::boolean[]
    ) WITH ORDINALITY AS given (
        operator, n, entries, status,
        result, approved, sealed, gross_cents,
        wht_cents, net_cents, settled_odds, expires,
        held, closing, told_gross_cents, told_wht_cents,
        told_net_cents, task, due, attention,
        ends, place
    )
),
moment AS MATERIALIZED (
    SELECT business_now() AS at
),
moved AS MATERIALIZED (
    UPDATE ticket_state AS state
    SET
        n = given.n + given.entries,
        status = given.status,
        result = given.result,
        approved = given.approved,
        sealed = given.sealed,
        gross_cents = given.gross_cents,
        wht_cents = given.wht_cents,
        net_cents = given.net_cents,
        settled_odds = given.settled_odds,
        updated = (SELECT at FROM moment),
        call_until = NULL,
        expires = given.expires,
        held = given.held,
        closing = given.closing,
        told_gross_cents = given.told_gross_cents,
        told_wht_cents = given.told_wht_cents,
        told_net_cents = given.told_net_cents
    FROM given
    WHERE state.operator = given.operator AND state.id = given.id AND state.n = given.n
    RETURNING
        state.operator, state.id, state.status, state.result, state.approved,
        given.task, given.due, given.attention, given.ends, given.place, given.n AS seen_n
),
entry AS MATERIALIZED (
    SELECT
        moved.operator, moved.id, moved.seen_n + given.step AS n, given.kind, given.actor,
        given.lane, given.action, given.body, given.delay, given.refusal, given.detail,
        moved.status, moved.result, moved.approved
    FROM unnest(
        $23::text::bigint[], $24::text::integer[], $25::text::text[], $26::text::text[],
        $27::text::text[], $28::text::text[], $29::bytea[], $30::text::interval[],
        $31::text::smallint[], $32::text::text[]
    ) AS given (
        place, step, kind, actor,
        lane, action, body, delay,
        refusal, detail
    )
    JOIN moved ON moved.place = given.place
),
noted AS (
    INSERT INTO journal (
        operator, ticket, n, at, kind, status, result, approved, actor, lane, action, body,
        refusal, detail
    )
    SELECT
        operator, id, n, (SELECT at FROM moment), kind, status, result, approved, actor, lane,
        action, body, refusal, detail
    FROM entry
),
listed AS (
    INSERT INTO fresh (operator, ticket, n)
    SELECT operator, id, n
    FROM entry
    ORDER BY operator, id, n
),
sending AS (
    INSERT INTO agenda (operator, ticket, lane, task, due, next_n, last_n)
    SELECT
        operator, id, lane, 'deliver', (SELECT at FROM moment) + min(delay), min(n), max(n)
    FROM entry
    WHERE lane IS NOT NULL
    GROUP BY operator, id, lane
    ON CONFLICT (operator, ticket, lane) DO UPDATE SET last_n = excluded.last_n
),
rested AS (
    UPDATE ticket_code AS code
    SET free_from = (SELECT at FROM moment) + $33::interval
    FROM moved
    JOIN ticket ON ticket.operator = moved.operator AND ticket.id = moved.id
    WHERE moved.ends AND code.operator = moved.operator AND code.code = ticket.code
        AND code.ticket = moved.id
),
emptied AS (
    DELETE FROM agenda
    USING moved
    WHERE agenda.operator = moved.operator AND agenda.ticket = moved.id
        AND agenda.lane = 'life' AND moved.task IS NULL
),
waiting AS (
    INSERT INTO agenda (operator, ticket, lane, task, due, attention)
    SELECT operator, id, 'life', task, due, CASE WHEN attention THEN (SELECT at FROM moment) END
    FROM moved
    WHERE task IS NOT NULL
    ON CONFLICT (operator, ticket, lane)
    DO UPDATE SET
        task = excluded.task,
        due = excluded.due,
        attempts = 0,
        lease = NULL,
        attention = excluded.attention
),
tried AS (
    INSERT INTO attempt (
        operator, ticket, n, number, is_late, at, verdict, http_status, duration_ms, answer
    )
    SELECT
        given.operator, given.id, given.n, given.number, given.is_late,
        (SELECT at FROM moment), given.verdict, given.http_status, given.duration_ms, given.answer
    FROM unnest(
        $34::text::integer[], $35::bytea[], $36::text::integer[], $37::text::integer[],
        $38::text::boolean[], $39::text::text[], $40::text::smallint[], $41::text::integer[],
        $42::bytea[]
    ) AS given (operator, id, n, number, is_late, verdict, http_status, duration_ms, answer)
    ON CONFLICT DO NOTHING
)
SELECT operator, id, (SELECT at FROM moment) AS at
FROM moved;

-- name: hasten_discard
-- Write a late answer to the first entry of a ticket; the discard that waits for it is due.
WITH hastened AS (
    UPDATE agenda
    SET due = business_now()
    WHERE operator = $1 AND ticket = $2 AND lane = 'pam' AND next_n = $3 + 1 AND attempts = 0
        AND due > business_now()
)
INSERT INTO attempt (
    operator, ticket, n, number, is_late, at, verdict, http_status, duration_ms, answer
)
VALUES ($1, $2, $3, $4, $5, business_now(), $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- name: find_code
-- Find the ticket of a code; a code that was given again names the later one.
SELECT ticket
FROM ticket_code
WHERE operator = $1 AND code = $2;

-- name: get_tickets
-- Read tickets by their keys: facts and state.
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
JOIN ticket ON ticket.operator = given.operator AND ticket.id = given.id
JOIN ticket_state AS state ON state.operator = given.operator AND state.id = given.id;

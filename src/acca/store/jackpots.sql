-- name: wake_jackpots
-- Let the jackpots that stand on an event be judged again.
UPDATE jackpot
SET due = business_now()
FROM card
WHERE card.events @> ARRAY[$1::integer] AND card.type = 'jackpot'
    AND jackpot.operator = card.operator AND jackpot.card = card.code AND NOT jackpot.is_final;

-- name: get_due_for_update
-- Hold the jackpot that is due the longest, of those that nobody holds.
SELECT
    jackpot.operator, jackpot.card, jackpot.version, jackpot.step, jackpot.commitment,
    card.body, card.currency
FROM jackpot
JOIN card ON card.operator = jackpot.operator AND card.code = jackpot.card
WHERE jackpot.due <= business_now() AND jackpot.step = 'wait' AND NOT jackpot.is_final
ORDER BY jackpot.due
LIMIT 1
FOR UPDATE OF jackpot SKIP LOCKED;

-- name: get_for_update
-- Hold one jackpot that can still be judged.
SELECT
    jackpot.operator, jackpot.card, jackpot.version, jackpot.step, jackpot.commitment,
    card.body, card.currency
FROM jackpot
JOIN card ON card.operator = jackpot.operator AND card.code = jackpot.card
WHERE jackpot.operator = $1 AND jackpot.card = $2 AND NOT jackpot.is_final
FOR UPDATE OF jackpot;

-- name: read_told
-- Read where the settlement of a jackpot stands.
SELECT version, step, due, commitment
FROM jackpot
WHERE operator = $1 AND card = $2;

-- name: get_done_for_update
-- Hold a jackpot of which all tickets are counted, or settled, of those that nobody holds.
SELECT
    jackpot.operator, jackpot.card, jackpot.version, jackpot.step, jackpot.commitment,
    card.body, card.currency
FROM jackpot
JOIN card ON card.operator = jackpot.operator AND card.code = jackpot.card
WHERE jackpot.step <> 'wait'
    AND NOT EXISTS (
        SELECT
        FROM settlement_job AS job
        WHERE job.operator = jackpot.operator AND job.card = jackpot.card
    )
    AND NOT EXISTS (
        SELECT
        FROM settlement_chunk AS chunk
        WHERE chunk.operator = jackpot.operator AND chunk.card = jackpot.card
    )
LIMIT 1
FOR UPDATE OF jackpot SKIP LOCKED;

-- name: read_seen
-- Read how the events of a jackpot stand, in the order of the card, and the business time.
SELECT
    jackpot.planned[listed.place] AS planned, event.starts, business_now() AS now,
    fact.ending, fact.total, fact.periods, fact.first, event.state
FROM jackpot
JOIN card ON card.operator = jackpot.operator AND card.code = jackpot.card
CROSS JOIN LATERAL unnest(card.events) WITH ORDINALITY AS listed (id, place)
JOIN event ON event.id = listed.id
LEFT JOIN LATERAL (
    SELECT ending, total, periods, first
    FROM result
    WHERE result.event = event.id AND confirmed IS NOT NULL
    ORDER BY version DESC
    LIMIT 1
) AS fact ON true
WHERE jackpot.operator = $1 AND jackpot.card = $2
ORDER BY listed.place;

-- name: read_drawn
-- Read what was drawn for a jackpot.
SELECT place, sign, scores
FROM jackpot_drawn
WHERE operator = $1 AND card = $2
ORDER BY place;

-- name: find_seed
-- Find the seed of a commitment.
SELECT seed
FROM jackpot_seed
WHERE operator = $1 AND commitment = $2;

-- name: add_seed
-- Keep a seed that a card may commit to.
INSERT INTO jackpot_seed (operator, commitment, seed, who)
VALUES ($1, $2, $3, $4);

-- name: add_drawn
-- Keep what was drawn; what was drawn before stays as it is.
INSERT INTO jackpot_drawn (operator, card, place, sign, scores, who)
SELECT $1, $2, given.place, given.sign, given.scores, $6
FROM unnest($3::smallint[], $4::text[], $5::text[]) AS given (place, sign, scores)
ON CONFLICT DO NOTHING;

-- name: wake_jackpot
-- Let a jackpot be judged again.
UPDATE jackpot
SET due = business_now()
WHERE operator = $1 AND card = $2 AND NOT is_final
RETURNING card;

-- name: put_off
-- Let a held jackpot wait for another time, or for a fact.
UPDATE jackpot
SET due = $3
WHERE operator = $1 AND card = $2;

-- name: add_version
-- Keep what a held jackpot makes of its events, and put its tickets down to be counted or settled.
WITH written AS (
    INSERT INTO jackpot_version (
        operator, card, version, refund, prize_rate, events, hows, signs, reserves
    )
    VALUES ($1, $2, $3, $5, $6, $7, $8, $9, $10)
),
moved AS (
    UPDATE jackpot
    SET version = $3, step = $4, due = NULL
    WHERE operator = $1 AND card = $2
)
INSERT INTO settlement_job (operator, card, step)
VALUES ($1, $2, $4);

-- name: read_version
-- Read the version of a jackpot that is in force.
SELECT
    version.version, version.refund, version.prize_rate, version.events, version.hows,
    version.signs, version.reserves
FROM jackpot
JOIN jackpot_version AS version
    ON version.operator = jackpot.operator AND version.card = jackpot.card
    AND version.version = jackpot.version
WHERE jackpot.operator = $1 AND jackpot.card = $2;

-- name: add_tally
-- Keep what the tickets of one chunk bring to the version in force.
INSERT INTO jackpot_tally (operator, card, version, stake_cents, lines)
SELECT operator, card, version, $3, $4
FROM jackpot
WHERE operator = $1 AND card = $2;

-- name: read_tallies
-- Read what all tickets bring to a version.
SELECT stake_cents, lines
FROM jackpot_tally
WHERE operator = $1 AND card = $2 AND version = $3;

-- name: read_carried
-- Tell what a card took from its pool when it was settled first, else what the pool holds.
SELECT
    coalesce(
        (
            SELECT -sum(cents)
            FROM jackpot_pool
            WHERE operator = $1 AND card = $2 AND kind = 'taken'
        ),
        (
            SELECT sum(cents)
            FROM jackpot_pool
            WHERE operator = $1 AND title = $3 AND currency = $4
        ),
        0
    )::bigint AS carried_in,
    EXISTS (
        SELECT
        FROM jackpot_pool
        WHERE operator = $1 AND card = $2 AND kind = 'taken'
    ) AS is_taken,
    coalesce(
        (
            SELECT sum(cents)
            FROM jackpot_pool
            WHERE operator = $1 AND card = $2 AND kind = 'left'
        ), 0
    )::bigint AS is_left;

-- name: add_prizes
-- Keep how prizes are shared out, what goes to the pool and comes from it; settle by them.
WITH prized AS (
    INSERT INTO jackpot_prize (
        operator, card, version, tier, lines, put_in_cents, per_line_cents, remainder_cents,
        carried_cents, kept_cents
    )
    SELECT $1, $2, $3, place - 1, lines, put_in, per_line, remainder, carried, kept
    FROM unnest(
        $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]
    ) WITH ORDINALITY AS given (lines, put_in, per_line, remainder, carried, kept, place)
),
pooled AS (
    INSERT INTO jackpot_pool (operator, title, currency, card, version, kind, cents)
    SELECT $1, $10, $11, $2, $3, given.kind, given.cents
    FROM unnest($12::text[], $13::bigint[]) AS given (kind, cents)
),
moved AS (
    UPDATE jackpot
    SET step = 'settle'
    WHERE operator = $1 AND card = $2
)
INSERT INTO settlement_job (operator, card, step)
VALUES ($1, $2, 'settle');

-- name: book
-- Book in a pool what goes back there, and what is not left there after all.
INSERT INTO jackpot_pool (operator, title, currency, card, version, kind, cents)
VALUES ($1, $2, $3, $4, $5, 'taken', $6), ($1, $2, $3, $4, $5, 'left', $7);

-- name: read_prizes
-- Read the prizes of a version.
SELECT lines, put_in_cents, per_line_cents, remainder_cents, carried_cents, kept_cents
FROM jackpot_prize
WHERE operator = $1 AND card = $2 AND version = $3
ORDER BY tier;

-- name: finish
-- End the settlement of a held jackpot until another fact is told.
WITH settled AS (
    UPDATE card
    SET settled = business_now()
    WHERE operator = $1 AND code = $2 AND settled IS NULL
)
UPDATE jackpot
SET step = 'wait'
WHERE operator = $1 AND card = $2;

-- name: make_final
-- Let no correction touch jackpots any more; those that are not at rest are not answered.
UPDATE jackpot
SET is_final = true, due = NULL
FROM unnest($1::integer[], $2::text[]) AS given (operator, card)
WHERE jackpot.operator = given.operator AND jackpot.card = given.card
    AND jackpot.step = 'wait' AND (jackpot.due IS NULL OR jackpot.is_final)
RETURNING jackpot.operator, jackpot.card;

-- name: read_pool
-- Read what rounds left to each other and took.
SELECT operator.name, pool.title, pool.currency, pool.card, pool.version, pool.kind, pool.cents,
    pool.at
FROM jackpot_pool AS pool
JOIN operator ON operator.id = pool.operator
WHERE operator.name = $1
ORDER BY pool.id DESC
LIMIT $2;

-- name: read_operator_name
-- Tell the name of an operator.
SELECT name
FROM operator
WHERE id = $1;

-- name: read_sealings
-- Read the last entry of each ticket that brought it to its end.
SELECT DISTINCT ON (entry.ticket) entry.ticket, entry.at, entry.kind, entry.detail
FROM unnest($2::bytea[]) AS given (id)
JOIN journal AS entry ON entry.operator = $1 AND entry.ticket = given.id
WHERE entry.kind IN ('settle', 'correct', 'decline', 'cash out')
ORDER BY entry.ticket, entry.n DESC;

-- name: read_confirmed
-- Read all versions of results that are or were facts, the last first.
SELECT event, version, confirmed, ending, total, periods, first
FROM result
WHERE event = ANY($1::integer[]) AND confirmed IS NOT NULL
ORDER BY event, version DESC;

-- name: read_not_played
-- Read which postponed events count as not played for an operator's tickets, and since when.
SELECT event, told, judged
FROM postponement_judged
WHERE operator = $1 AND event = ANY($2::integer[]) AND is_void
ORDER BY event, version;

-- name: read_rounds
-- Read the versions of a jackpot that its tickets were settled by, the last first.
SELECT
    version.version, version.at, version.refund, version.prize_rate, version.events,
    version.hows, version.signs, version.reserves, counted.stake_cents, counted.lines,
    prized.lines AS prize_lines, prized.put_in, prized.per_line, prized.remainder,
    prized.carried, prized.kept
FROM jackpot_version AS version
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(stake_cents), 0)::bigint AS stake_cents,
        ARRAY(
            SELECT sum(line.winning)::bigint
            FROM jackpot_tally AS tally
            CROSS JOIN LATERAL unnest(tally.lines) WITH ORDINALITY AS line (winning, tier)
            WHERE tally.operator = version.operator AND tally.card = version.card
                AND tally.version = version.version
            GROUP BY line.tier
            ORDER BY line.tier
        ) AS lines
    FROM jackpot_tally
    WHERE jackpot_tally.operator = version.operator AND jackpot_tally.card = version.card
        AND jackpot_tally.version = version.version
) AS counted
CROSS JOIN LATERAL (
    SELECT
        coalesce(array_agg(lines ORDER BY tier), '{}') AS lines,
        coalesce(array_agg(put_in_cents ORDER BY tier), '{}') AS put_in,
        coalesce(array_agg(per_line_cents ORDER BY tier), '{}') AS per_line,
        coalesce(array_agg(remainder_cents ORDER BY tier), '{}') AS remainder,
        coalesce(array_agg(carried_cents ORDER BY tier), '{}') AS carried,
        coalesce(array_agg(kept_cents ORDER BY tier), '{}') AS kept
    FROM jackpot_prize AS prize
    WHERE prize.operator = version.operator AND prize.card = version.card
        AND prize.version = version.version
) AS prized
WHERE version.operator = $1 AND version.card = $2
    AND (version.refund IS NOT NULL OR cardinality(prized.lines) > 0)
ORDER BY version.version DESC;

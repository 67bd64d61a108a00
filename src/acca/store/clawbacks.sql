-- name: note_clawbacks
-- Keep which journal entries begin to take back a payout, or hold it back.
INSERT INTO clawback (operator, ticket, n, policy, was_net_cents, net_cents)
SELECT operator, ticket, n, policy, was_net_cents, net_cents
FROM unnest(
    $1::integer[], $2::bytea[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[]
) AS given (operator, ticket, n, policy, was_net_cents, net_cents);

-- name: list_clawbacks
-- List payouts that were to be taken back, the newest first, with what has become of each.
-- One that staff released has an entry of its own, which stands for both.
SELECT
    operator.name, ticket.id, ticket.code, ticket.type, ticket.currency, ticket.player,
    taken.at, taken.policy, taken.was_net_cents, taken.net_cents,
    CASE
        WHEN entry.kind <> 'hold correction' THEN
            CASE
                WHEN lane.next_n IS NULL OR lane.next_n > taken.n THEN 'taken back'
                WHEN lane.attention IS NULL THEN 'on its way'
                ELSE 'given up'
            END
        WHEN after.kind IS NULL THEN 'held'
        WHEN after.kind = 'close' THEN 'waived'
        ELSE 'dropped'
    END AS course
FROM operator
CROSS JOIN LATERAL (
    SELECT *
    FROM clawback
    WHERE clawback.operator = operator.id AND clawback.at >= coalesce($2::timestamptz, '-infinity')
    ORDER BY clawback.at DESC, clawback.ticket, clawback.n
    LIMIT $3
) AS taken
JOIN ticket ON ticket.operator = operator.id AND ticket.id = taken.ticket
JOIN journal AS entry
    ON entry.operator = operator.id AND entry.ticket = taken.ticket AND entry.n = taken.n
LEFT JOIN agenda AS lane
    ON lane.operator = operator.id AND lane.ticket = taken.ticket AND lane.lane = 'pam'
LEFT JOIN LATERAL (
    SELECT journal.kind
    FROM journal
    WHERE journal.operator = operator.id AND journal.ticket = taken.ticket AND journal.n > taken.n
        AND journal.kind IN ('correct', 'reopen', 'drop correction', 'close')
    ORDER BY journal.n
    LIMIT 1
) AS after ON entry.kind = 'hold correction'
WHERE ($1::text IS NULL OR operator.name = $1)
    AND (after.kind IS NULL OR after.kind IN ('drop correction', 'close'))
ORDER BY taken.at DESC, taken.operator, taken.ticket, taken.n
LIMIT $3;

-- name: list_of_event
-- List the tickets that stand on an event, but for jackpots, which are settled with their card.
SELECT operator, id
FROM ticket
WHERE events @> ARRAY[$1::integer] AND type <> 'jackpot';

-- name: count_jackpots
-- Count the jackpot tickets on an event by their cards.
SELECT operator.name, ticket.card, count(*) AS tickets
FROM ticket
JOIN operator ON operator.id = ticket.operator
WHERE ticket.events @> ARRAY[$1::integer] AND ticket.type = 'jackpot'
GROUP BY operator.name, ticket.card
ORDER BY operator.name, ticket.card;

-- name: keep
-- Keep what was shown under its mark; the same is kept once.
INSERT INTO dry_run (mark, event, version, result, who, names, figures)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (mark) DO NOTHING;

-- name: find
-- Find what was shown under a mark.
SELECT event, result, who, at, names, figures
FROM dry_run
WHERE mark = $1;

-- name: forget
-- Forget what was shown more than a week ago.
DELETE FROM dry_run
WHERE at < business_now() - interval '7 days';

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

-- name: save_doubts
-- Keep the newest odds in doubt of each bet of events that are locked.
INSERT INTO doubtful_odds (event, bet, odds, derived, version, told)
SELECT given.event, given.bet, given.odds, given.derived, given.version, $1::timestamptz
FROM unnest($2::integer[], $3::smallint[], $4::integer[], $5::boolean[], $6::bigint[])
    AS given (event, bet, odds, derived, version)
ON CONFLICT (event, bet) DO UPDATE
SET
    odds = excluded.odds, derived = excluded.derived,
    version = excluded.version, told = excluded.told
WHERE excluded.version > doubtful_odds.version;

-- name: list_doubts
-- List the odds in doubt of an event that are still news, with those that stand, by their bets.
SELECT doubt.bet, doubt.odds, doubt.derived, doubt.version, stands.odds AS standing
FROM doubtful_odds AS doubt
JOIN event_odds ON event_odds.event = doubt.event
LEFT JOIN LATERAL unnest(event_odds.bets, event_odds.odds, event_odds.versions)
    AS stands (bet, odds, version) ON stands.bet = doubt.bet
WHERE doubt.event = $1 AND doubt.version > coalesce(stands.version, -1)
ORDER BY doubt.bet;

-- name: forget_doubts
-- Forget the odds in doubt of an event that is locked.
DELETE FROM doubtful_odds
WHERE event = $1;

-- name: add_stop_change
-- Keep who stopped an event or lifted its stops, and what became of odds in doubt.
INSERT INTO event_stop_change (event, who, action, reason, doubt, bets, odds)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: list_stop_changes
-- List who stopped an event and lifted its stops, the newest first.
SELECT created, who, action, reason, doubt, bets, odds
FROM event_stop_change
WHERE event = $1
ORDER BY id DESC;

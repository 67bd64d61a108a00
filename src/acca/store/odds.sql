-- name: lock_offers
-- Lock the odds of the events of a provider that have these keys, in the order of their ids.
SELECT
    event.id, event.key, event.sport,
    event_odds.bets, event_odds.odds, event_odds.derived, event_odds.versions
FROM event_odds
JOIN event ON event.id = event_odds.event
WHERE event.provider = $1 AND event.key = ANY($2::text[])
ORDER BY event_odds.event
FOR NO KEY UPDATE OF event_odds;

-- name: save_offers
-- Write the odds of events that are locked and every change; null is a column that stays.
WITH given AS (
    SELECT *
    FROM unnest(
        $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::text[]
    ) AS given (
        event, bets, derived, odds, versions,
        changed_bets, changed_odds, changed_derived, changed_versions
    )
),
offered AS (
    UPDATE event_odds
    SET
        bets = coalesce(given.bets::smallint[], event_odds.bets),
        derived = coalesce(given.derived::boolean[], event_odds.derived),
        odds = given.odds::integer[],
        versions = given.versions::bigint[],
        updated = CASE given.changed_bets WHEN '{}' THEN event_odds.updated ELSE $1 END
    FROM given
    WHERE event_odds.event = given.event
)
INSERT INTO odds_history (changed, event, bet, odds, derived, version)
SELECT $1::timestamptz, given.event, change.bet, change.odds, change.derived, change.version
FROM given
CROSS JOIN LATERAL unnest(
    given.changed_bets::smallint[], given.changed_odds::integer[],
    given.changed_derived::boolean[], given.changed_versions::bigint[]
) AS change (bet, odds, derived, version);

-- name: read_history
-- Read every change of the odds of an event, in the order of time.
SELECT changed, bet, odds, derived, version
FROM odds_history
WHERE event = $1
ORDER BY changed, version, bet;

-- name: prepare_history
-- Make the partitions of this month and of the two after it, and say how many were missing.
SELECT prepare_odds_history(business_now());

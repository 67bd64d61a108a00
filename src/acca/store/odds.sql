-- name: lock_offers
-- Lock the odds of the events of a provider that have these keys, in the order of their ids.
SELECT
    event.id, event.key, event.sport,
    array_send(event_odds.bets) AS bets, array_send(event_odds.odds) AS odds,
    array_send(event_odds.derived) AS derived, array_send(event_odds.versions) AS versions
FROM event_odds
JOIN event ON event.id = event_odds.event
WHERE event.provider = $1 AND event.key = ANY($2::text[])
ORDER BY event_odds.event
FOR NO KEY UPDATE OF event_odds;

-- name: get_offer_for_update
-- Lock the odds of one event by its id.
SELECT
    event.id, event.sport,
    array_send(event_odds.bets) AS bets, array_send(event_odds.odds) AS odds,
    array_send(event_odds.derived) AS derived, array_send(event_odds.versions) AS versions
FROM event_odds
JOIN event ON event.id = event_odds.event
WHERE event_odds.event = $1
FOR NO KEY UPDATE OF event_odds;

-- name: save_offers
-- Write all odds of events that are locked, and every change; null is a column that stays.
WITH given AS (
    SELECT *
    FROM unnest(
        $7::integer[], $8::text[], $9::text[], $10::text[], $11::text[], $12::boolean[]
    ) AS given (event, bets, derived, odds, versions, changed)
),
offered AS (
    UPDATE event_odds
    SET
        bets = coalesce(given.bets::smallint[], event_odds.bets),
        derived = coalesce(given.derived::boolean[], event_odds.derived),
        odds = given.odds::integer[],
        versions = given.versions::bigint[],
        updated = CASE WHEN given.changed THEN $1 ELSE event_odds.updated END
    FROM given
    WHERE event_odds.event = given.event
)
INSERT INTO odds_history (changed, event, bet, odds, derived, version)
SELECT $1::timestamptz, change.event, change.bet, change.odds, change.derived, change.version
FROM unnest(
    $2::text::integer[], $3::text::smallint[], $4::text::integer[],
    $5::text::boolean[], $6::text::bigint[]
) AS change (event, bet, odds, derived, version);

-- name: patch_offers
-- Write odds at up to three places of events that are locked, and every change.
WITH given AS (
    SELECT *
    FROM unnest(
        $7::text::integer[], $8::text::boolean[],
        $9::text::integer[], $10::text::integer[], $11::text::bigint[],
        $12::text::integer[], $13::text::integer[], $14::text::bigint[],
        $15::text::integer[], $16::text::integer[], $17::text::bigint[]
    ) AS given (event, changed, a, odds_a, version_a, b, odds_b, version_b, c, odds_c, version_c)
),
offered AS (
    UPDATE event_odds
    SET
        odds[given.a] = given.odds_a,
        odds[given.b] = given.odds_b,
        odds[given.c] = given.odds_c,
        versions[given.a] = given.version_a,
        versions[given.b] = given.version_b,
        versions[given.c] = given.version_c,
        updated = CASE WHEN given.changed THEN $1 ELSE event_odds.updated END
    FROM given
    WHERE event_odds.event = given.event
)
INSERT INTO odds_history (changed, event, bet, odds, derived, version)
SELECT $1::timestamptz, change.event, change.bet, change.odds, change.derived, change.version
FROM unnest(
    $2::text::integer[], $3::text::smallint[], $4::text::integer[],
    $5::text::boolean[], $6::text::bigint[]
) AS change (event, bet, odds, derived, version);

-- name: read_history
-- Read every change of the odds of an event, in the order of time.
SELECT changed, bet, odds, derived, version
FROM odds_history
WHERE event = $1
ORDER BY changed, version, bet;

-- name: prepare_history
-- Make the partitions of this month and of the two after it, and say how many were missing.
SELECT prepare_odds_history(business_now());

-- name: lock_events
-- Lock the events of a provider that have these keys, in the order of their ids.
SELECT id, key
FROM event
WHERE provider = $1 AND key = ANY($2::text[])
ORDER BY id
FOR NO KEY UPDATE;

-- name: get_event_for_update
-- Lock one event by its id.
SELECT id
FROM event
WHERE id = $1
FOR NO KEY UPDATE;

-- name: list_known_events
-- List a provider's events by what files name them by: league, teams and start.
SELECT
    event.key, event.starts, league.slug AS league_slug, country.slug AS country_slug,
    home.slug AS home_slug, away.slug AS away_slug,
    event.state IN ('finished', 'cancelled', 'abandoned') AS finished
FROM event
JOIN league ON league.id = event.league
JOIN country ON country.id = league.country
JOIN team AS home ON home.id = event.home_team
JOIN team AS away ON away.id = event.away_team
WHERE event.provider = $1;

-- name: read_standings
-- Read all that stands of events beside their odds; only what is locked stays so.
SELECT
    event.id, event.key, event.starts, event.stops, event.closed,
    sport.code AS sport,
    country.slug AS category_slug, country.name AS category_name,
    league.slug AS league_slug, league.name AS league_name,
    home.slug AS home_slug, home.name AS home_name,
    away.slug AS away_slug, away.name AS away_name,
    feed.head_version, feed.head_live, feed.stop_version, feed.result_version,
    feed.suspension_bets, feed.suspension_versions,
    fact.ending, fact.total, fact.periods, fact.first,
    coalesce(fact.source = 'person', false) AS by_person,
    coalesce(latest.version, 0) AS results
FROM event
JOIN event_feed AS feed ON feed.event = event.id
JOIN sport ON sport.id = event.sport
JOIN league ON league.id = event.league
JOIN country ON country.id = league.country
JOIN team AS home ON home.id = event.home_team
JOIN team AS away ON away.id = event.away_team
LEFT JOIN LATERAL (
    SELECT ending, total, periods, first, source
    FROM result
    WHERE result.event = event.id AND confirmed IS NOT NULL
    ORDER BY version DESC
    LIMIT 1
) AS fact ON true
LEFT JOIN LATERAL (
    SELECT version
    FROM result
    WHERE result.event = event.id
    ORDER BY version DESC
    LIMIT 1
) AS latest ON true
WHERE event.id = ANY($1::integer[]);

-- name: add_events
-- Add events with their feed and their empty offer; one that is there already is not answered.
WITH given AS (
    SELECT *
    FROM unnest(
        $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::timestamptz[], $9::boolean[], $10::bigint[]
    ) AS given (
        key, sport_code, country_slug, league_slug, home_slug, away_slug, starts, live, version
    )
),
added AS (
    INSERT INTO event (provider, key, sport, league, home_team, away_team, starts, state)
    SELECT
        $1::integer, given.key, sport.id, league.id, home.id, away.id, given.starts,
        CASE WHEN given.live THEN 'live' ELSE 'scheduled' END
    FROM given
    JOIN sport ON sport.code = given.sport_code
    JOIN country ON country.slug = given.country_slug
    JOIN league
        ON league.sport = sport.id AND league.country = country.id
        AND league.slug = given.league_slug
    JOIN team AS home ON home.sport = sport.id AND home.slug = given.home_slug
    JOIN team AS away ON away.sport = sport.id AND away.slug = given.away_slug
    ORDER BY given.key
    ON CONFLICT ON CONSTRAINT event_key_is_unique_to_its_provider DO NOTHING
    RETURNING id, key
),
fed AS (
    INSERT INTO event_feed (event, head_version, head_live)
    SELECT added.id, given.version, given.live
    FROM added
    JOIN given ON given.key = added.key
),
offered AS (
    INSERT INTO event_odds (event)
    SELECT id
    FROM added
)
SELECT id, key
FROM added;

-- name: save_standings
-- Write all that stands of events that are locked; lists of bets come as texts.
WITH given AS (
    SELECT *
    FROM unnest(
        $1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::timestamptz[], $8::boolean[], $9::bigint[], $10::text[], $11::text[], $12::bigint[],
        $13::bigint[], $14::text[], $15::text[], $16::text[]
    ) AS given (
        event, sport_code, country_slug, league_slug, home_slug, away_slug,
        starts, live, head_version, state, stops, stop_version,
        result_version, closed, suspension_bets, suspension_versions
    )
),
stood AS (
    UPDATE event
    SET
        league = league.id,
        home_team = home.id,
        away_team = away.id,
        starts = given.starts,
        state = given.state,
        stops = string_to_array(given.stops, ' '),
        closed = given.closed::smallint[]
    FROM given
    JOIN sport ON sport.code = given.sport_code
    JOIN country ON country.slug = given.country_slug
    JOIN league
        ON league.sport = sport.id AND league.country = country.id
        AND league.slug = given.league_slug
    JOIN team AS home ON home.sport = sport.id AND home.slug = given.home_slug
    JOIN team AS away ON away.sport = sport.id AND away.slug = given.away_slug
    WHERE event.id = given.event
)
UPDATE event_feed
SET
    head_version = given.head_version,
    head_live = given.live,
    stop_version = given.stop_version,
    result_version = given.result_version,
    suspension_bets = given.suspension_bets::smallint[],
    suspension_versions = given.suspension_versions::bigint[]
FROM given
WHERE event_feed.event = given.event;

-- name: stop_silent
-- Suspend live events whose provider was not heard of for so long, locked in the order of ids.
WITH silent AS (
    SELECT event.id
    FROM event
    WHERE event.state = 'live'
    AND NOT event.stops @> ARRAY['silent']
    AND NOT EXISTS (
        SELECT
        FROM provider_alive
        WHERE provider_alive.provider = event.provider
        AND provider_alive.seen > clock_timestamp() - $1::interval
    )
    ORDER BY event.id
    FOR NO KEY UPDATE OF event
)
UPDATE event
SET stops = array_append(event.stops, 'silent')
FROM silent
WHERE event.id = silent.id
RETURNING event.id;

-- name: lift_silent
-- Lift the suspension of events whose provider is heard of again, locked in the order of ids.
WITH heard AS (
    SELECT event.id
    FROM event
    JOIN provider_alive ON provider_alive.provider = event.provider
    WHERE event.stops @> ARRAY['silent']
    AND provider_alive.seen > clock_timestamp() - $1::interval
    ORDER BY event.id
    FOR NO KEY UPDATE OF event
)
UPDATE event
SET stops = array_remove(event.stops, 'silent')
FROM heard
WHERE event.id = heard.id
RETURNING event.id;

-- name: list_open_events
-- List events on which bets may be taken, the next to start first.
SELECT event.id, event.key, event.starts, event.state, event.stops, event.closed,
    home.name AS home, away.name AS away, league.name AS league
FROM event
JOIN league ON league.id = event.league
JOIN team AS home ON home.id = event.home_team
JOIN team AS away ON away.id = event.away_team
WHERE event.state IN ('scheduled', 'live')
    AND ($1::text IS NULL OR event.state = $1)
    AND (NOT $2::boolean OR event.stops <> '{}' OR event.closed <> '{}')
ORDER BY event.starts, event.id
LIMIT $3;

-- name: list_ended_events
-- List events of a state in which no bets are taken, the newest first.
SELECT event.id, event.key, event.starts, event.state, event.stops, event.closed,
    home.name AS home, away.name AS away, league.name AS league
FROM event
JOIN league ON league.id = event.league
JOIN team AS home ON home.id = event.home_team
JOIN team AS away ON away.id = event.away_team
WHERE event.state NOT IN ('scheduled', 'live')
    AND event.state = $1
    AND (NOT $2::boolean OR event.stops <> '{}' OR event.closed <> '{}')
ORDER BY event.starts DESC
LIMIT $3;

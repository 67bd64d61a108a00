-- name: add_countries
-- Add countries that are not there yet, in the order of their slugs; a known name stays.
INSERT INTO country (slug, name)
SELECT given.slug, given.name
FROM unnest($1::text[], $2::text[]) AS given (slug, name)
WHERE NOT EXISTS (SELECT FROM country WHERE country.slug = given.slug)
ORDER BY given.slug, given.name
ON CONFLICT DO NOTHING;

-- name: add_leagues
-- Add leagues that are not there yet, in the order of their slugs; a known name stays.
INSERT INTO league (sport, country, slug, name)
SELECT sport.id, country.id, given.slug, given.name
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
    AS given (sport_code, country_slug, slug, name)
JOIN sport ON sport.code = given.sport_code
JOIN country ON country.slug = given.country_slug
WHERE NOT EXISTS (
    SELECT
    FROM league
    WHERE league.sport = sport.id AND league.country = country.id AND league.slug = given.slug
)
ORDER BY sport.id, given.country_slug, given.slug, given.name
ON CONFLICT DO NOTHING;

-- name: add_teams
-- Add teams that are not there yet, in the order of their slugs; a known name stays.
INSERT INTO team (sport, slug, name)
SELECT sport.id, given.slug, given.name
FROM unnest($1::text[], $2::text[], $3::text[]) AS given (sport_code, slug, name)
JOIN sport ON sport.code = given.sport_code
WHERE NOT EXISTS (SELECT FROM team WHERE team.sport = sport.id AND team.slug = given.slug)
ORDER BY sport.id, given.slug, given.name
ON CONFLICT DO NOTHING;

-- name: read_open_events
-- Read every event on which bets may be taken, with its odds as arrays; the history is not touched.
SELECT
    event.id, event.sport, event.league, event.home_team, event.away_team, event.starts,
    event.state, event.stops, event.closed,
    event_odds.bets, event_odds.odds, event_odds.updated
FROM event
JOIN event_odds ON event_odds.event = event.id
WHERE event.state IN ('scheduled', 'live')
ORDER BY event.id;

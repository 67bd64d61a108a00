-- name: list_board_versions
-- List the events that players may bet on and which version of them and of their odds there is.
-- The numbers of the transactions that wrote them last tell that, whatever was written.
SELECT event.id, event.xmin AS written, event_odds.xmin AS offered
FROM event
JOIN event_odds ON event_odds.event = event.id
WHERE event.state = 'scheduled' AND event.starts > business_now();

-- name: list_versions
-- Tell which version there is of some events and of their odds.
SELECT event.id, event.xmin AS written, event_odds.xmin AS offered
FROM event
JOIN event_odds ON event_odds.event = event.id
WHERE event.id = ANY($1::integer[]);

-- name: read_board_events
-- Read events as cards show them, with all their odds; unknown ones are left out.
SELECT
    event.id, event.starts, sport.code AS sport,
    country.id AS country_id, country.slug AS country_slug, country.name AS country_name,
    league.id AS league_id, league.slug AS league_slug, league.name AS league_name,
    home.id AS home_id, home.slug AS home_slug, home.name AS home_name,
    away.id AS away_id, away.slug AS away_slug, away.name AS away_name,
    event.state <> 'scheduled' OR cardinality(event.stops) > 0 AS is_stopped, event.closed,
    event_odds.bets, event_odds.odds, event_odds.updated,
    event.xmin AS written, event_odds.xmin AS offered
FROM event
JOIN event_odds ON event_odds.event = event.id
JOIN sport ON sport.id = event.sport
JOIN league ON league.id = event.league
JOIN country ON country.id = league.country
JOIN team AS home ON home.id = event.home_team
JOIN team AS away ON away.id = event.away_team
WHERE event.id = ANY($1::integer[])
ORDER BY event.id;

-- name: list_offered_codes
-- List the published cards on some events that nobody has closed, and all their events.
SELECT card.operator, card.code, card.events
FROM card
WHERE card.events && $1::integer[]
    AND card.published IS NOT NULL AND card.closed IS NULL AND card.settled IS NULL;

-- name: read_offered_cards
-- Read published cards by operator and code.
SELECT
    operator.name AS operator_name, card.operator, card.code, card.type, card.events, card.body,
    card.opens, card.published, card.closed, card.settled
FROM unnest($1::integer[], $2::text[]) AS given (operator, code)
JOIN card ON card.operator = given.operator AND card.code = given.code
JOIN operator ON operator.id = card.operator
WHERE card.published IS NOT NULL;

-- name: find_published_card
-- Find a published card by its code alone, which is unique on the platform.
SELECT
    operator.name AS operator_name, card.operator, card.code, card.type, card.events, card.body,
    card.opens, card.published, card.closed, card.settled
FROM card_code
JOIN card ON card.operator = card_code.operator AND card.code = card_code.code
JOIN operator ON operator.id = card.operator
WHERE card_code.code = $1 AND card.published IS NOT NULL;

-- name: read_events
-- Read events as tickets show and judge them, with their odds and result, and the business time.
SELECT
    moment.now, event.id, event.starts, event.state, cardinality(event.stops) > 0 AS is_stopped,
    array_send(event.closed) AS closed, array_send(offer.bets) AS bets,
    array_send(offer.odds) AS odds, sport.code AS sport,
    sport.id AS sport_id, sport.name AS sport_name,
    country.id AS country_id, country.name AS country_name,
    league.id AS league_id, league.name AS league_name,
    home.id AS home_id, home.name AS home_name,
    away.id AS away_id, away.name AS away_name,
    fact.ending, array_send(fact.total) AS total, array_send(fact.periods) AS periods, fact.first
FROM (SELECT business_now() AS now) AS moment
LEFT JOIN event ON event.id = ANY($1::text::integer[])
LEFT JOIN event_odds AS offer ON offer.event = event.id
LEFT JOIN sport ON sport.id = event.sport
LEFT JOIN league ON league.id = event.league
LEFT JOIN country ON country.id = league.country
LEFT JOIN team AS home ON home.id = event.home_team
LEFT JOIN team AS away ON away.id = event.away_team
LEFT JOIN LATERAL (
    SELECT ending, total, periods, first
    FROM result
    WHERE result.event = event.id AND confirmed IS NOT NULL
    ORDER BY version DESC
    LIMIT 1
) AS fact ON true;

-- name: read_cards
-- Read cards by their codes, and when their first and last events start.
SELECT
    card.operator, card.code, card.type, card.currency, card.body, card.opens,
    card.published, card.closed, card.settled, span.first, span.last
FROM unnest($1::integer[], $2::text[]) AS given (operator, code)
JOIN card ON card.operator = given.operator AND card.code = given.code
CROSS JOIN LATERAL (
    SELECT min(starts) AS first, max(starts) AS last
    FROM event
    WHERE event.id = ANY(card.events)
) AS span;

-- name: read_superbets
-- Read the published superbets of operators on events.
SELECT
    card.operator, card.code, card.type, card.currency, card.body, card.opens,
    card.published, card.closed, card.settled, event.starts AS first, event.starts AS last,
    event.id AS event
FROM unnest($1::integer[], $2::integer[]) AS given (operator, event)
JOIN event ON event.id = given.event
JOIN card ON card.operator = given.operator AND card.events @> ARRAY[given.event]
WHERE card.type = 'superbet' AND card.published IS NOT NULL
ORDER BY card.code;

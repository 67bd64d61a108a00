-- name: read_fresh_bets
-- Read which bets of events under way have had odds since the start: others, or the same again.
SELECT event.id, array_agg(fresh.bet) AS bets
FROM event
JOIN event_feed AS feed ON feed.event = event.id
CROSS JOIN LATERAL (
    SELECT history.bet
    FROM odds_history AS history
    WHERE history.event = event.id AND history.changed >= event.starts
    UNION
    SELECT told.bet
    FROM event_odds AS offer
    CROSS JOIN LATERAL unnest(offer.bets, offer.versions) AS told (bet, version)
    WHERE offer.event = event.id AND told.version >= feed.head_version
) AS fresh
WHERE event.id = ANY($1::integer[]) AND event.state = 'live'
GROUP BY event.id;

-- name: insert_card
-- Add a card as a draft; no row comes back where its code is taken on the platform.
WITH coded AS (
    INSERT INTO card_code (code, operator)
    VALUES ($2, $1)
    ON CONFLICT (code) DO NOTHING
    RETURNING code
)
INSERT INTO card (operator, code, type, currency, price_cents, events, body, opens, who)
SELECT $1, code, $3, $4, $5, $6, $7, coalesce($8, business_now()), $9
FROM coded
RETURNING operator, code, type, price_cents, events, body, opens, created, published,
    closed, settled;

-- name: get_card
-- Find a card of an operator by its code.
SELECT operator, code, type, price_cents, events, body, opens, created, published,
    closed, settled
FROM card
WHERE operator = $1 AND code = $2;

-- name: get_card_for_update
-- Find a card of an operator and hold it, so that it is published and closed by one alone.
SELECT operator, code, type, price_cents, events, body, opens, created, published,
    closed, settled
FROM card
WHERE operator = $1 AND code = $2
FOR UPDATE;

-- name: list_cards
-- List an operator's cards, the newest first.
SELECT operator, code, type, price_cents, events, body, opens, created, published,
    closed, settled
FROM card
WHERE operator = $1
ORDER BY created DESC, code
LIMIT $2;

-- name: list_live_superbets
-- List an operator's published superbets on an event at a price that nobody has closed.
SELECT operator, code, type, price_cents, events, body, opens, created, published,
    closed, settled
FROM card
WHERE operator = $1 AND events @> ARRAY[$2::integer] AND type = 'superbet' AND price_cents = $3
    AND published IS NOT NULL AND closed IS NULL;

-- name: publish_card
-- Publish a card that is a draft; a jackpot remembers when its events should start.
WITH published AS (
    UPDATE card
    SET published = business_now(), published_by = $3
    WHERE operator = $1 AND code = $2
    RETURNING operator, code, type, events
)
INSERT INTO jackpot (operator, card, planned, commitment)
SELECT
    operator, code, ARRAY(
        SELECT event.starts
        FROM unnest(published.events) WITH ORDINALITY AS listed (id, place)
        JOIN event ON event.id = listed.id
        ORDER BY listed.place
    ), $4::text
FROM published
WHERE type = 'jackpot';

-- name: close_card
-- Close a card before its events do.
UPDATE card
SET closed = business_now(), closed_by = $3
WHERE operator = $1 AND code = $2;

-- name: list_card_events
-- Read when events start and of which sport they are; unknown ones are left out.
SELECT event.id, event.starts, sport.code AS sport
FROM event
JOIN sport ON sport.id = event.sport
WHERE event.id = ANY($1::integer[]);

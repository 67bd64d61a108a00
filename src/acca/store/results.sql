-- name: add_results
-- Add versions of results of locked events; what is a fact at once is put down to be settled.
WITH added AS (
    INSERT INTO result (
        event, version, ending, total, periods, first, source, entered, entered_by,
        confirmed, confirmed_by
    )
    SELECT
        given.event, given.version, given.ending, string_to_array(given.total, ' ')::smallint[],
        string_to_array(given.periods, ' ')::smallint[], given.first, $7::text, $8::timestamptz,
        $9::text, CASE WHEN $10::boolean THEN $8::timestamptz END,
        CASE WHEN $10::boolean THEN $9::text END
    FROM unnest($1::integer[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[])
        AS given (event, version, ending, total, periods, first)
    RETURNING event, version, ending, confirmed
),
postponed AS (
    INSERT INTO postponement (event, version, starts, told)
    SELECT added.event, added.version, event.starts, added.confirmed
    FROM added
    JOIN event ON event.id = added.event
    WHERE added.ending = 'postponed' AND added.confirmed IS NOT NULL
)
INSERT INTO settlement_job (event)
SELECT event
FROM added
WHERE confirmed IS NOT NULL
ORDER BY event;

-- name: read_results
-- Read all versions of the result of an event.
SELECT
    version, ending, total, periods, first, source, entered, entered_by, confirmed, confirmed_by
FROM result
WHERE event = $1
ORDER BY version;

-- name: confirm_result
-- Confirm a version of a result whose event is locked, and put its tickets down to be settled.
WITH confirmed AS (
    UPDATE result
    SET confirmed = $3, confirmed_by = $4
    WHERE event = $1 AND version = $2
    RETURNING event, version, ending, confirmed
),
postponed AS (
    INSERT INTO postponement (event, version, starts, told)
    SELECT confirmed.event, confirmed.version, event.starts, confirmed.confirmed
    FROM confirmed
    JOIN event ON event.id = confirmed.event
    WHERE confirmed.ending = 'postponed'
)
INSERT INTO settlement_job (event)
SELECT event
FROM confirmed;

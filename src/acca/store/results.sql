-- name: add_results
-- Add versions of results of events that are locked; a provider's are confirmed at once.
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
    AS given (event, version, ending, total, periods, first);

-- name: read_results
-- Read all versions of the result of an event.
SELECT
    version, ending, total, periods, first, source, entered, entered_by, confirmed, confirmed_by
FROM result
WHERE event = $1
ORDER BY version;

-- name: confirm_result
-- Confirm a version of a result whose event is locked.
UPDATE result
SET confirmed = $3, confirmed_by = $4
WHERE event = $1 AND version = $2;

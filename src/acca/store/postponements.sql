-- name: list_unjudged
-- List postponed events that an operator's window has not judged yet.
SELECT
    operator.id AS operator, postponement.event, postponement.version,
    postponement.starts AS planned, postponement.told, event.starts, event.state,
    business_now() AS now
FROM postponement
JOIN event ON event.id = postponement.event
CROSS JOIN operator
WHERE postponement.told > business_now() - interval '100 days'
    AND NOT EXISTS (
        SELECT
        FROM postponement_judged AS judged
        WHERE judged.operator = operator.id AND judged.event = postponement.event
            AND judged.version = postponement.version
    )
ORDER BY operator.id, postponement.event, postponement.version;

-- name: add_judgements
-- Keep what windows made of postponed events, and put the tickets of those that are void down.
WITH added AS (
    INSERT INTO postponement_judged (operator, event, version, told, is_void)
    SELECT *
    FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::timestamptz[], $5::boolean[])
    ON CONFLICT DO NOTHING
    RETURNING operator, event, is_void
)
INSERT INTO settlement_job (event, operator)
SELECT event, operator
FROM added
WHERE is_void;

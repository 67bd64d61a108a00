-- name: list_told_legs
-- List the results of legs that players were told, the last of each.
SELECT DISTINCT ON (told.operator, told.ticket, told.event, told.bet)
    told.operator, told.ticket, told.event, told.bet, told.result
FROM (
    SELECT
        entry.operator, entry.ticket, entry.n,
        (convert_from(entry.body, 'UTF8')::json -> 'data' ->> 'event_id')::integer AS event,
        (convert_from(entry.body, 'UTF8')::json -> 'data' ->> 'bet_id')::integer AS bet,
        convert_from(entry.body, 'UTF8')::json -> 'data' ->> 'result' AS result
    FROM unnest($1::integer[], $2::bytea[]) AS given (operator, id)
    JOIN journal AS entry ON entry.operator = given.operator AND entry.ticket = given.id
    WHERE entry.action = 'bet_result'
) AS told
ORDER BY told.operator, told.ticket, told.event, told.bet, told.n DESC;

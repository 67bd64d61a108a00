-- name: find_claims
-- Find what requests that were seen before have written, and the entry that decided each.
SELECT
    claim.operator, claim.key, claim.body, claim.ticket, claim.n,
    entry.at, entry.kind, entry.status, entry.result, entry.approved, entry.refusal, entry.detail
FROM unnest($1::integer[], $2::bytea[]) AS given (operator, key)
JOIN request_claim AS claim ON claim.operator = given.operator AND claim.key = given.key
LEFT JOIN journal AS entry
    ON entry.operator = claim.operator AND entry.ticket = claim.ticket AND entry.n = claim.n
WHERE claim.until > statement_timestamp();

-- name: read_answer
-- Read the answer that a provider's batch had before.
SELECT answer
FROM feed_batch
WHERE provider = $1 AND sha256 = $2;

-- name: add_batch
-- Keep the answer of a batch; nothing comes back where another took the same batch meanwhile.
INSERT INTO feed_batch (provider, sha256, answer)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
RETURNING provider;

-- name: note_alive
-- Note that a provider was heard of just now, by the machine's time.
INSERT INTO provider_alive (provider, seen)
VALUES ($1, clock_timestamp())
ON CONFLICT (provider) DO UPDATE SET seen = greatest(provider_alive.seen, excluded.seen);

-- name: forget_batches
-- Delete some batches that were taken so long ago by the machine's time, and say how many.
WITH old AS (
    SELECT ctid
    FROM feed_batch
    WHERE taken < statement_timestamp() - $1::interval
    ORDER BY taken
    LIMIT $2
),
forgotten AS (
    DELETE FROM feed_batch
    WHERE ctid = ANY(ARRAY(SELECT ctid FROM old))
    RETURNING 1
)
SELECT count(*)
FROM forgotten;

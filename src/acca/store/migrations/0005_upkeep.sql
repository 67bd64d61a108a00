-- The feed's trace is kept for a while only: what is old is found by its time.
CREATE INDEX feed_batch_by_time ON feed_batch (taken);

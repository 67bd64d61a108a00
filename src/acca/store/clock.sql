-- name: read_clock
-- Read what kind of database this is, how far ahead it is and its business time.
SELECT sandbox, ahead, business_now() AS now
FROM clock;

-- name: get_clock_for_update
-- Read the clock and hold it; business_now() would see the row as it was before a wait.
SELECT sandbox, ahead, statement_timestamp() + ahead AS now
FROM clock
FOR UPDATE;

-- name: advance_clock
-- Move business time on; days become hours, as the clock counts no others.
UPDATE clock
SET ahead = ahead + extract(epoch FROM $1::interval) * interval '1 second'
RETURNING sandbox, ahead, statement_timestamp() + ahead AS now;

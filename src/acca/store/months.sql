-- name: prepare_tickets
-- Make the partitions of this month and of the two after it, and say how many were missing.
SELECT prepare_tickets(business_now());

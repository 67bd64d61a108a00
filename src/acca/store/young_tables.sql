-- name: analyse_young
-- Analyse tables of ten pages or more that have grown eightfold since, unless another worker does.
DO $$
DECLARE
    young regclass;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1097032549) THEN
        RETURN;
    END IF;
    FOR young IN
        SELECT oid
        FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
            AND pg_relation_size(oid) / current_setting('block_size')::integer
                >= greatest(10, 8 * relpages)
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', young);
    END LOOP;
END
$$;

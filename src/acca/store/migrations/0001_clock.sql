-- Business time: the database's time plus what a sandbox has jumped ahead.

CREATE TABLE clock (
    single boolean PRIMARY KEY DEFAULT true,
    sandbox boolean NOT NULL,
    ahead interval NOT NULL DEFAULT '0 seconds',
    CONSTRAINT clock_is_one_row CHECK (single),
    CONSTRAINT clock_of_a_sandbox_alone_is_ahead CHECK (sandbox OR ahead = '0 seconds'),
    CONSTRAINT clock_is_ahead_not_behind CHECK (ahead >= '0 seconds'),
    CONSTRAINT clock_is_ahead_a_century_at_most CHECK (ahead <= '876600 hours'),
    -- Days and months have no fixed length, and hours of any number do.
    CONSTRAINT clock_counts_hours CHECK (
        extract(day FROM ahead) = 0
        AND extract(month FROM ahead) = 0
        AND extract(year FROM ahead) = 0
    )
);

COMMENT ON TABLE clock IS 'One row: is this a sandbox, and how far has it jumped ahead?';

-- The migrator says by a setting whether this database is created as a sandbox.
INSERT INTO clock (sandbox)
VALUES (coalesce(nullif(current_setting('acca.sandbox', true), ''), 'off')::boolean);

CREATE FUNCTION refuse_change_of_clock() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the clock only moves forward, and only in a database created as a sandbox'
        USING ERRCODE = 'check_violation', TABLE = 'clock', CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER clock_moves_forward
BEFORE UPDATE ON clock
FOR EACH ROW
WHEN (NEW.ahead < OLD.ahead)
EXECUTE FUNCTION refuse_change_of_clock();

CREATE TRIGGER clock_stays_what_it_was_created_as
BEFORE UPDATE ON clock
FOR EACH ROW
WHEN (NEW.sandbox <> OLD.sandbox)
EXECUTE FUNCTION refuse_change_of_clock();

CREATE TRIGGER clock_is_never_deleted
BEFORE DELETE OR TRUNCATE ON clock
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_clock();

-- The time of the statement, the same for all of its rows: what is judged against `starts` is what
-- is written as `created`, and an index can serve. Not of the transaction: one that first waits for
-- its locks must judge by the time after the wait.
CREATE FUNCTION business_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT statement_timestamp() + ahead FROM clock);

COMMENT ON FUNCTION business_now() IS
'Business time of the statement; in a statement of many rows call it as (SELECT business_now())';

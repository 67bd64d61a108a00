-- The catalogue: sports, leagues, teams, events, odds and their history, results, the feed's trace.

-- ---- what events are of

CREATE TABLE sport (
    id smallint PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT sport_code_is_unique UNIQUE (code),
    CONSTRAINT sport_code_is_a_slug CHECK (code ~ '^[a-z0-9-]{1,64}$'),
    CONSTRAINT sport_has_a_name CHECK (char_length(name) BETWEEN 1 AND 255)
);

INSERT INTO sport (id, code, name)
VALUES (1, 'football', 'Football'), (2, 'basketball', 'Basketball'), (3, 'tennis', 'Tennis');

CREATE TABLE country (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    slug text NOT NULL,
    name text NOT NULL,
    CONSTRAINT country_slug_is_unique UNIQUE (slug),
    CONSTRAINT country_slug_is_a_path CHECK (slug ~ '^[a-z0-9/-]+$'),
    CONSTRAINT country_has_a_name CHECK (char_length(name) BETWEEN 1 AND 255)
);

CREATE TABLE league (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    sport smallint NOT NULL REFERENCES sport,
    country integer NOT NULL REFERENCES country,
    slug text NOT NULL,
    name text NOT NULL,
    CONSTRAINT league_slug_is_unique_in_its_country UNIQUE (sport, country, slug),
    CONSTRAINT league_is_of_one_sport UNIQUE (id, sport),
    CONSTRAINT league_slug_is_a_path CHECK (slug ~ '^[a-z0-9/-]+$'),
    CONSTRAINT league_has_a_name CHECK (char_length(name) BETWEEN 1 AND 255)
);

CREATE TABLE team (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    sport smallint NOT NULL REFERENCES sport,
    slug text NOT NULL,
    name text NOT NULL,
    CONSTRAINT team_slug_is_unique_in_its_sport UNIQUE (sport, slug),
    CONSTRAINT team_is_of_one_sport UNIQUE (id, sport),
    CONSTRAINT team_slug_is_a_path CHECK (slug ~ '^[a-z0-9/-]+$'),
    CONSTRAINT team_has_a_name CHECK (char_length(name) BETWEEN 1 AND 255)
);

-- ---- events: what is locked where a ticket is written

CREATE TABLE event (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    provider integer NOT NULL REFERENCES provider,
    key text NOT NULL,
    sport smallint NOT NULL,
    league integer NOT NULL,
    home_team integer NOT NULL,
    away_team integer NOT NULL,
    starts timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'scheduled',
    stops text[] NOT NULL DEFAULT '{}',
    closed smallint[] NOT NULL DEFAULT '{}',
    CONSTRAINT event_key_is_unique_to_its_provider UNIQUE (provider, key),
    CONSTRAINT event_is_in_a_league_of_its_sport
    FOREIGN KEY (league, sport) REFERENCES league (id, sport),
    CONSTRAINT event_home_team_is_of_its_sport
    FOREIGN KEY (home_team, sport) REFERENCES team (id, sport),
    CONSTRAINT event_away_team_is_of_its_sport
    FOREIGN KEY (away_team, sport) REFERENCES team (id, sport),
    CONSTRAINT event_has_a_key CHECK (char_length(key) BETWEEN 1 AND 64),
    CONSTRAINT event_has_two_teams CHECK (home_team <> away_team),
    CONSTRAINT event_state_is_known CHECK (
        state IN ('scheduled', 'live', 'finished', 'postponed', 'cancelled', 'abandoned')
    ),
    CONSTRAINT event_stops_are_known CHECK (
        stops <@ ARRAY['provider', 'silent', 'staff', 'suspicious'] AND cardinality(stops) <= 4
    ),
    CONSTRAINT event_closed_bets_have_ids CHECK (1 <= ALL (closed))
)
WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);

COMMENT ON TABLE event IS
'Everything that can stop a bet stands on this row; who writes tickets holds it FOR SHARE';
COMMENT ON COLUMN event.stops IS
'Why the whole event is suspended; each reason is lifted by itself, and one is enough';
COMMENT ON COLUMN event.closed IS 'Bets that are suspended one by one';

CREATE INDEX event_open ON event (starts) WHERE state IN ('scheduled', 'live');
CREATE INDEX event_live ON event (provider) WHERE state = 'live';
CREATE INDEX event_silent ON event (provider) WHERE stops @> ARRAY['silent'];

-- Which version of each fact was taken last, -1 where none was; written under the event's lock.
CREATE TABLE event_feed (
    event integer PRIMARY KEY REFERENCES event,
    head_version bigint NOT NULL,
    head_live boolean NOT NULL,
    stop_version bigint NOT NULL DEFAULT -1,
    result_version bigint NOT NULL DEFAULT -1,
    suspension_bets smallint[] NOT NULL DEFAULT '{}',
    suspension_versions bigint[] NOT NULL DEFAULT '{}',
    CONSTRAINT event_feed_versions_are_not_negative CHECK (
        head_version >= -1 AND stop_version >= -1 AND result_version >= -1
        AND 0 <= ALL (suspension_versions)
    ),
    CONSTRAINT event_feed_has_a_version_for_each_bet CHECK (
        cardinality(suspension_bets) = cardinality(suspension_versions)
    )
)
WITH (
    fillfactor = 70,
    toast_tuple_target = 8160,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);

-- ---- odds: traffic that never touches the event's row

CREATE TABLE event_odds (
    event integer PRIMARY KEY REFERENCES event,
    bets smallint[] NOT NULL DEFAULT '{}',
    odds integer[] NOT NULL DEFAULT '{}',
    derived boolean[] NOT NULL DEFAULT '{}',
    versions bigint[] NOT NULL DEFAULT '{}',
    updated timestamptz,
    CONSTRAINT event_odds_stand_side_by_side CHECK (
        cardinality(bets) = cardinality(odds)
        AND cardinality(bets) = cardinality(derived)
        AND cardinality(bets) = cardinality(versions)
    ),
    CONSTRAINT event_odds_bets_have_ids CHECK (1 <= ALL (bets)),
    CONSTRAINT event_odds_are_within_bounds CHECK (100 <= ALL (odds) AND 10000000 >= ALL (odds)),
    CONSTRAINT event_odds_versions_are_not_negative CHECK (0 <= ALL (versions))
)
WITH (
    fillfactor = 50,
    toast_tuple_target = 8160,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.2
);

COMMENT ON TABLE event_odds IS
'Current odds in hundredths: parallel arrays in the order of bet ids, each bet with its version';

CREATE TABLE odds_history (
    changed timestamptz NOT NULL,
    event integer NOT NULL,
    bet smallint NOT NULL,
    odds integer NOT NULL,
    derived boolean NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT odds_history_bet_has_an_id CHECK (bet >= 1),
    CONSTRAINT odds_history_is_within_bounds CHECK (odds BETWEEN 100 AND 10000000),
    CONSTRAINT odds_history_version_is_not_negative CHECK (version >= 0)
) PARTITION BY RANGE (changed);

COMMENT ON TABLE odds_history IS
'Every change of odds. No foreign key: its check would write a lock on the event''s row';

CREATE INDEX odds_history_of_an_event ON odds_history (event, changed);

-- What no month is ready for, as when a sandbox jumps ahead, until a month is made that takes it.
CREATE TABLE odds_history_other PARTITION OF odds_history DEFAULT;

CREATE FUNCTION prepare_odds_history(instant timestamptz) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    first_month timestamp := date_trunc('month', instant AT TIME ZONE 'UTC');
    month timestamp;
    begins timestamptz;
    ends timestamptz;
    name text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(1097032546);
    FOR ahead IN 0..2 LOOP
        month := first_month + make_interval(months => ahead);
        begins := month AT TIME ZONE 'UTC';
        ends := (month + interval '1 month') AT TIME ZONE 'UTC';
        name := 'odds_history_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE odds_history INCLUDING CONSTRAINTS)', name);
        EXECUTE format(
            'WITH moved AS (DELETE FROM odds_history_other'
            ' WHERE changed >= %L AND changed < %L RETURNING *)'
            ' INSERT INTO %I SELECT * FROM moved', begins, ends, name);
        EXECUTE format(
            'ALTER TABLE odds_history ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            name, begins, ends);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;

COMMENT ON FUNCTION prepare_odds_history IS
'Make the partitions of the month of an instant and of the two after it; answers how many';

CREATE TRIGGER odds_history_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON odds_history
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

-- ---- results: facts, which are the latest confirmed version

CREATE TABLE result (
    event integer NOT NULL REFERENCES event,
    version integer NOT NULL,
    ending text NOT NULL,
    total smallint[],
    periods smallint[] NOT NULL DEFAULT '{}',
    first text,
    source text NOT NULL,
    entered timestamptz NOT NULL,
    entered_by text,
    confirmed timestamptz,
    confirmed_by text,
    PRIMARY KEY (event, version),
    CONSTRAINT result_versions_count_from_one CHECK (version >= 1),
    CONSTRAINT result_ending_is_known CHECK (
        ending IN ('played', 'abandoned', 'cancelled', 'postponed')
    ),
    CONSTRAINT result_played_has_a_score CHECK (ending <> 'played' OR total IS NOT NULL),
    CONSTRAINT result_has_a_score_only_where_there_was_play CHECK (
        ending IN ('played', 'abandoned')
        OR (total IS NULL AND first IS NULL AND cardinality(periods) = 0)
    ),
    CONSTRAINT result_total_is_a_pair CHECK (cardinality(total) = 2 AND 0 <= ALL (total)),
    CONSTRAINT result_periods_are_pairs CHECK (
        cardinality(periods) % 2 = 0 AND cardinality(periods) <= 40 AND 0 <= ALL (periods)
    ),
    CONSTRAINT result_first_is_known CHECK (first IN ('home', 'away', 'none')),
    CONSTRAINT result_source_is_known CHECK (source IN ('feed', 'import', 'person')),
    CONSTRAINT result_of_a_person_names_the_person CHECK (
        (source = 'person') = (entered_by IS NOT NULL)
    ),
    CONSTRAINT result_of_a_machine_needs_no_confirmation CHECK (
        source = 'person' OR (confirmed IS NOT NULL AND confirmed_by IS NULL)
    ),
    CONSTRAINT result_of_a_person_is_confirmed_by_a_person CHECK (
        source <> 'person' OR (confirmed IS NULL) = (confirmed_by IS NULL)
    )
);

COMMENT ON TABLE result IS
'Versions of how an event ended; the facts are its latest confirmed one';

CREATE TRIGGER result_is_only_confirmed
BEFORE UPDATE ON result
FOR EACH ROW
WHEN (
    OLD.confirmed IS NOT NULL
    OR (OLD.event, OLD.version, OLD.ending, OLD.total, OLD.periods, OLD.first, OLD.source,
        OLD.entered, OLD.entered_by)
    IS DISTINCT FROM
    (NEW.event, NEW.version, NEW.ending, NEW.total, NEW.periods, NEW.first, NEW.source,
        NEW.entered, NEW.entered_by)
)
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER result_is_never_deleted
BEFORE DELETE OR TRUNCATE ON result
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

-- ---- the feed's trace

-- A batch that comes again gets the answer that it had, and does nothing.
CREATE TABLE feed_batch (
    provider integer NOT NULL REFERENCES provider,
    sha256 bytea NOT NULL,
    taken timestamptz NOT NULL DEFAULT statement_timestamp(),
    answer bytea NOT NULL,
    PRIMARY KEY (provider, sha256),
    CONSTRAINT feed_batch_has_a_hash CHECK (octet_length(sha256) = 32)
);

-- Machine time of the last `alive`; a provider without a row was never heard of.
CREATE TABLE provider_alive (
    provider integer PRIMARY KEY REFERENCES provider,
    seen timestamptz NOT NULL
)
WITH (fillfactor = 50, autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0);

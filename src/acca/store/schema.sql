-- The schema as a whole, to be read. Databases are made by migrations/; a test holds both equal.

-- What has been applied, and the hash of each file at that time.
CREATE TABLE migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    applied timestamptz NOT NULL DEFAULT now()
);

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

-- ---- 0002: operators and providers, what is set for them, and the keys that they sign with.

-- The operator is a small number in the keys of all its rows; its name stands on the wire.
CREATE TABLE operator (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    CONSTRAINT operator_name_is_taken_once UNIQUE (name),
    CONSTRAINT operator_name_is_a_slug CHECK (
        name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(name) <= 64
    ),
    CONSTRAINT operator_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE operator IS 'Who sells bets to players; every tenant table carries its id';

-- Versions: the last one of each name is in force, all of them are the audit.
CREATE TABLE operator_setting (
    operator integer NOT NULL REFERENCES operator,
    name text NOT NULL,
    version integer NOT NULL,
    value text NOT NULL,
    reason text,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    PRIMARY KEY (operator, name, version),
    CONSTRAINT operator_setting_has_a_name CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    CONSTRAINT operator_setting_versions_count_from_one CHECK (version >= 1),
    CONSTRAINT operator_setting_value_is_short CHECK (length(value) <= 2000),
    CONSTRAINT operator_setting_reason_is_a_sentence CHECK (length(reason) BETWEEN 1 AND 500),
    CONSTRAINT operator_setting_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE operator_setting IS 'Changes of settings, as texts that core.operator reads';

-- Versions, like the settings. What is null has no limit.
CREATE TABLE operator_limit (
    operator integer NOT NULL REFERENCES operator,
    ticket_type text NOT NULL,
    currency text NOT NULL,
    version integer NOT NULL,
    price_cents_min bigint NOT NULL,
    price_cents_max bigint NOT NULL,
    legs_min integer NOT NULL,
    legs_max integer NOT NULL,
    total_odds_max bigint,
    payout_cents_max bigint,
    day_stake_cents_max bigint,
    day_payout_cents_max bigint,
    approval_price_cents bigint,
    approval_payout_cents bigint,
    approval_day_stake_cents bigint,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    PRIMARY KEY (operator, ticket_type, currency, version),
    CONSTRAINT operator_limit_is_of_a_ticket_type CHECK (
        ticket_type IN ('quicktip', 'smartbet', 'quickbet', 'superbet', 'jackpot')
    ),
    CONSTRAINT operator_limit_is_of_a_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT operator_limit_versions_count_from_one CHECK (version >= 1),
    CONSTRAINT operator_limit_has_a_price CHECK (
        price_cents_min BETWEEN 1 AND price_cents_max AND price_cents_max <= 999999999999999
    ),
    CONSTRAINT operator_limit_has_legs CHECK (legs_min BETWEEN 1 AND legs_max),
    CONSTRAINT operator_limit_of_odds_is_not_below_one CHECK (total_odds_max >= 100),
    CONSTRAINT operator_limit_of_amounts_is_above_zero CHECK (
        least(
            payout_cents_max, day_stake_cents_max, day_payout_cents_max,
            approval_price_cents, approval_payout_cents, approval_day_stake_cents
        ) >= 1
    ),
    CONSTRAINT operator_limit_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE operator_limit IS 'What tickets of a type and currency may cost, hold and pay';

-- Of two profiles with the same beginning, type and class the later number replaces the earlier.
CREATE TABLE tax_profile (
    operator integer NOT NULL REFERENCES operator,
    number integer NOT NULL,
    preset text,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    ticket_type text,
    player_class text,
    ext_rate integer NOT NULL,
    ext_formula text NOT NULL,
    wht_rate integer NOT NULL,
    wht_base text NOT NULL,
    wht_threshold_cents bigint NOT NULL,
    wht_on_excess boolean NOT NULL,
    rounding text NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    PRIMARY KEY (operator, number),
    CONSTRAINT tax_profile_numbers_count_from_one CHECK (number >= 1),
    CONSTRAINT tax_profile_does_not_end_before_it_begins CHECK (valid_to >= valid_from),
    CONSTRAINT tax_profile_is_of_a_ticket_type CHECK (
        ticket_type IN ('quicktip', 'smartbet', 'quickbet', 'superbet', 'jackpot')
    ),
    CONSTRAINT tax_profile_class_is_a_slug CHECK (player_class ~ '^[a-z0-9-]{1,64}$'),
    CONSTRAINT tax_profile_rates_are_shares CHECK (
        ext_rate BETWEEN 0 AND 1000000 AND wht_rate BETWEEN 0 AND 1000000
    ),
    CONSTRAINT tax_profile_has_a_formula CHECK (
        ext_formula IN ('inclusive', 'exclusive', 'deducted')
        OR (ext_formula = 'none' AND ext_rate = 0)
    ),
    CONSTRAINT tax_profile_has_a_base CHECK (wht_base IN ('net', 'net_of_price', 'gross')),
    CONSTRAINT tax_profile_threshold_is_not_below_zero CHECK (wht_threshold_cents >= 0),
    CONSTRAINT tax_profile_has_a_rounding CHECK (rounding IN ('half_up', 'half_even', 'down')),
    CONSTRAINT tax_profile_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE tax_profile IS 'Taxes of an operator from one instant to another; millionths';

CREATE TABLE operator_key (
    operator integer NOT NULL REFERENCES operator,
    number integer NOT NULL,
    secret text NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    retires timestamptz,
    retired_by text,
    PRIMARY KEY (operator, number),
    CONSTRAINT operator_key_numbers_count_from_one CHECK (number >= 1),
    CONSTRAINT operator_key_secret_has_256_bits CHECK (
        secret ~ '^[0-9a-f]{64}$' OR secret = '12345ABCDE'
    ),
    CONSTRAINT operator_key_is_retired_by_somebody CHECK (
        (retires IS NULL) = (retired_by IS NULL) AND length(retired_by) BETWEEN 1 AND 100
    ),
    CONSTRAINT operator_key_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE operator_key IS 'Secrets that sign; valid until it retires, two at a time';

CREATE UNIQUE INDEX operator_key_secret_is_nobody_elses ON operator_key (secret)
WHERE secret <> '12345ABCDE';

-- All samples of the documentation are signed with one key, so everybody knows it.
CREATE FUNCTION refuse_documented_key() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF (SELECT sandbox FROM clock) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'only an operator of a sandbox signs with the key of the documentation'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER operator_key_of_the_documentation_is_for_sandboxes
BEFORE INSERT ON operator_key
FOR EACH ROW
WHEN (NEW.secret = '12345ABCDE')
EXECUTE FUNCTION refuse_documented_key();

CREATE TABLE provider (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    CONSTRAINT provider_name_is_taken_once UNIQUE (name),
    CONSTRAINT provider_name_is_a_slug CHECK (
        name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(name) <= 64
    ),
    CONSTRAINT provider_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE provider IS 'Who feeds events, odds and results';

CREATE TABLE provider_key (
    provider integer NOT NULL REFERENCES provider,
    number integer NOT NULL,
    secret text NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    retires timestamptz,
    retired_by text,
    PRIMARY KEY (provider, number),
    CONSTRAINT provider_key_numbers_count_from_one CHECK (number >= 1),
    CONSTRAINT provider_key_secret_is_nobody_elses UNIQUE (secret),
    CONSTRAINT provider_key_secret_has_256_bits CHECK (secret ~ '^[0-9a-f]{64}$'),
    CONSTRAINT provider_key_is_retired_by_somebody CHECK (
        (retires IS NULL) = (retired_by IS NULL) AND length(retired_by) BETWEEN 1 AND 100
    ),
    CONSTRAINT provider_key_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE provider_key IS 'Secrets that sign the feed, in the same way';

CREATE TABLE platform_setting (
    name text NOT NULL,
    version integer NOT NULL,
    value text NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    PRIMARY KEY (name, version),
    CONSTRAINT platform_setting_has_a_name CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    CONSTRAINT platform_setting_versions_count_from_one CHECK (version >= 1),
    CONSTRAINT platform_setting_value_is_short CHECK (length(value) <= 2000),
    CONSTRAINT platform_setting_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE platform_setting IS 'Changes of settings, as texts that core.platform reads';

CREATE FUNCTION refuse_change_of_history() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER operator_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON operator
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER operator_setting_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_setting
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER operator_limit_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_limit
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER tax_profile_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_profile
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER provider_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON provider
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER platform_setting_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON platform_setting
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER operator_key_is_never_deleted
BEFORE DELETE OR TRUNCATE ON operator_key
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER provider_key_is_never_deleted
BEFORE DELETE OR TRUNCATE ON provider_key
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

-- Only the end of a key may be set, and not once it has come.
CREATE FUNCTION refuse_change_of_key() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    same jsonb := to_jsonb(OLD) - '{retires,retired_by}'::text[];
BEGIN
    IF to_jsonb(NEW) - '{retires,retired_by}'::text[] = same
        AND (OLD.retires IS NULL OR OLD.retires > business_now())
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'of a key only the end may be set, while it is valid'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER operator_key_keeps_its_secret
BEFORE UPDATE ON operator_key
FOR EACH ROW
EXECUTE FUNCTION refuse_change_of_key();

CREATE TRIGGER provider_key_keeps_its_secret
BEFORE UPDATE ON provider_key
FOR EACH ROW
EXECUTE FUNCTION refuse_change_of_key();
-- ---- end of 0002

-- ---- 0003:: leagues, teams, events, odds and their history, results, the feed's trace.

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
-- ---- end of 0003

-- ---- 0004: bet cards: what is on offer; the body is the document of `wire/card_files.py`.

CREATE TABLE card (
    operator integer NOT NULL REFERENCES operator,
    code text NOT NULL,
    type text NOT NULL,
    currency text NOT NULL,
    price_cents bigint,
    events integer[] NOT NULL,
    body bytea NOT NULL,
    opens timestamptz NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    published timestamptz,
    published_by text,
    closed timestamptz,
    closed_by text,
    settled timestamptz,
    PRIMARY KEY (operator, code),
    CONSTRAINT card_code_is_six_digits_of_hex CHECK (code ~ '^[0-9A-F]{6}$'),
    CONSTRAINT card_is_of_a_product CHECK (
        type IN ('quicktip', 'smartbet', 'quickbet', 'superbet', 'jackpot')
    ),
    CONSTRAINT card_is_of_a_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT card_has_a_price_where_it_is_fixed CHECK (
        (type IN ('superbet', 'jackpot')) = (price_cents IS NOT NULL) AND price_cents >= 1
    ),
    CONSTRAINT card_stands_on_events CHECK (cardinality(events) >= 1),
    CONSTRAINT card_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100),
    CONSTRAINT card_is_published_by_somebody CHECK (
        (published IS NULL) = (published_by IS NULL) AND length(published_by) BETWEEN 1 AND 100
    ),
    CONSTRAINT card_is_closed_by_somebody CHECK (
        (closed IS NULL) = (closed_by IS NULL) AND length(closed_by) BETWEEN 1 AND 100
    ),
    CONSTRAINT card_is_settled_after_it_was_published CHECK (
        settled IS NULL OR published IS NOT NULL
    )
);

COMMENT ON TABLE card IS 'What an operator offers; its state follows from its times and events';

CREATE INDEX card_by_event ON card USING gin (events);

-- A card's code is unique on the platform, whatever operator it belongs to.
CREATE TABLE card_code (
    code text PRIMARY KEY,
    operator integer NOT NULL,
    FOREIGN KEY (operator, code) REFERENCES card (operator, code) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE card_code IS 'To whom each code of a card belongs';

-- What players were shown is what settles: after publication only ends may be set, each once.
CREATE FUNCTION refuse_change_of_card() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    ends text[] := '{published,published_by,closed,closed_by,settled}';
BEGIN
    IF to_jsonb(NEW) - ends = to_jsonb(OLD) - ends
        AND (OLD.published IS NULL OR OLD.published = NEW.published)
        AND (OLD.closed IS NULL OR OLD.closed = NEW.closed)
        AND (OLD.settled IS NULL OR OLD.settled = NEW.settled)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'of a card only its publication and its ends may be set, each once'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END
$$;

CREATE TRIGGER card_keeps_what_it_offers
BEFORE UPDATE ON card
FOR EACH ROW
EXECUTE FUNCTION refuse_change_of_card();

CREATE TRIGGER card_is_never_deleted
BEFORE DELETE OR TRUNCATE ON card
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();
-- ---- end of 0004

-- ---- 0005: the feed's trace is kept for a while only: what is old is found by its time.
CREATE INDEX feed_batch_by_time ON feed_batch (taken);

-- Events that are over, newest first, for whoever looks them up by their state.
CREATE INDEX event_ended ON event (state, starts DESC)
WHERE state NOT IN ('scheduled', 'live');

-- An operator's cards, the newest first.
CREATE INDEX card_by_age ON card (operator, created DESC, code);

-- ---- stops by staff

-- What a provider told and nobody took, since it jumped; written under the event's lock, until
-- staff accepts or drops it.
CREATE TABLE doubtful_odds (
    event integer NOT NULL REFERENCES event,
    bet smallint NOT NULL,
    odds integer NOT NULL,
    derived boolean NOT NULL,
    version bigint NOT NULL,
    told timestamptz NOT NULL,
    PRIMARY KEY (event, bet),
    CONSTRAINT doubtful_odds_bet_has_an_id CHECK (bet >= 1),
    CONSTRAINT doubtful_odds_are_within_bounds CHECK (odds BETWEEN 100 AND 10000000),
    CONSTRAINT doubtful_odds_version_is_not_negative CHECK (version >= 0)
);

-- Who stopped an event or lifted its stops, when and why, and what became of odds in doubt.
CREATE TABLE event_stop_change (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    event integer NOT NULL REFERENCES event,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    action text NOT NULL,
    reason text,
    doubt text,
    bets smallint[] NOT NULL DEFAULT '{}',
    odds integer[] NOT NULL DEFAULT '{}',
    CONSTRAINT event_stop_change_names_somebody CHECK (char_length(who) BETWEEN 1 AND 255),
    CONSTRAINT event_stop_change_action_is_known CHECK (action IN ('stop', 'lift')),
    CONSTRAINT event_stop_change_reason_is_a_line CHECK (char_length(reason) BETWEEN 1 AND 500),
    CONSTRAINT event_stop_change_doubt_is_known CHECK (doubt IN ('accept', 'drop')),
    CONSTRAINT event_stop_change_only_a_lift_ends_doubt CHECK (
        action = 'lift' OR (doubt IS NULL AND cardinality(bets) = 0)
    ),
    CONSTRAINT event_stop_change_odds_stand_beside_bets CHECK (
        cardinality(bets) = cardinality(odds)
    )
);

CREATE INDEX event_stop_change_of_an_event ON event_stop_change (event, id);

CREATE TRIGGER event_stop_change_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON event_stop_change
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();
-- ---- end of 0005

-- ---- 0006: tickets in four tables (facts, state, journal, stream), what waits, what is unique.
--
-- No foreign key leads out of these tables: its check would write a lock on the row it points to.
-- An id begins with the second of creation, so it is the partition key of all that is a ticket's.

CREATE TABLE ticket (
    operator integer NOT NULL,
    id bytea NOT NULL,
    code text COLLATE "C" NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    currency text NOT NULL,
    player text NOT NULL,
    psp text,
    atag text,
    rtag text,
    msisdn text,
    price_cents bigint NOT NULL,
    stake_cents bigint NOT NULL,
    ext_cents bigint NOT NULL,
    gross_cents bigint NOT NULL,
    wht_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    uncapped_cents bigint NOT NULL,
    cap_cents bigint,
    tax_profile integer NOT NULL,
    void_refund text NOT NULL,
    affiliate_cents bigint,
    affiliate_rate integer,
    total_odds bigint,
    events integer[] NOT NULL,
    bets smallint[] NOT NULL,
    odds integer[] NOT NULL,
    card text,
    lines integer,
    is_reservation boolean NOT NULL,
    created timestamptz NOT NULL,
    PRIMARY KEY (operator, id),
    CONSTRAINT ticket_id_is_twelve_bytes CHECK (octet_length(id) = 12),
    CONSTRAINT ticket_code_is_hex CHECK (code ~ '^[0-9A-F]{6,12}$'),
    CONSTRAINT ticket_is_of_a_type CHECK (
        type IN ('quicktip', 'smartbet', 'quickbet', 'superbet', 'jackpot')
    ),
    CONSTRAINT ticket_has_a_source CHECK (
        source IN ('desktop', 'mobile', 'android', 'iphone', 'ussd', 'sms', 'telegram')
    ),
    CONSTRAINT ticket_is_of_a_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT ticket_price_is_stake_and_excise CHECK (
        price_cents = stake_cents + ext_cents AND price_cents >= 1
        AND least(stake_cents, ext_cents) >= 0
    ),
    CONSTRAINT ticket_net_is_gross_less_withholding CHECK (
        net_cents = gross_cents - wht_cents AND least(gross_cents, wht_cents, net_cents) >= 0
    ),
    CONSTRAINT ticket_pays_at_most_its_cap CHECK (gross_cents <= cap_cents),
    CONSTRAINT ticket_void_refund_is_known CHECK (void_refund IN ('price', 'stake')),
    CONSTRAINT ticket_stands_on_bets CHECK (
        cardinality(events) >= 1 AND cardinality(events) = cardinality(bets)
        AND cardinality(odds) IN (0, cardinality(bets))
    ),
    CONSTRAINT ticket_has_total_odds_where_they_pay CHECK (
        (type IN ('superbet', 'jackpot')) = (total_odds IS NULL)
    ),
    CONSTRAINT ticket_has_lines_where_it_is_a_jackpot CHECK (
        (type = 'jackpot') = (lines IS NOT NULL) AND lines >= 1
    )
) PARTITION BY RANGE (id);

COMMENT ON TABLE ticket IS 'Facts of a ticket, written once; amounts as they were struck';
COMMENT ON COLUMN ticket.events IS 'Beside bets and odds, in the order of the request';
COMMENT ON COLUMN ticket.tax_profile IS 'A profile is never changed: its number freezes its terms';

CREATE INDEX ticket_by_player ON ticket (operator, player, id);
CREATE INDEX ticket_by_type ON ticket (operator, type, id);
CREATE INDEX ticket_by_card ON ticket (operator, card, id) WHERE card IS NOT NULL;
CREATE INDEX ticket_by_event ON ticket USING gin (events) WITH (gin_pending_list_limit = 256);

CREATE TABLE ticket_other PARTITION OF ticket DEFAULT;

CREATE TABLE ticket_state (
    operator integer NOT NULL,
    id bytea NOT NULL,
    n integer NOT NULL,
    status text NOT NULL,
    result text NOT NULL,
    approved boolean NOT NULL,
    sealed boolean NOT NULL DEFAULT false,
    gross_cents bigint NOT NULL,
    wht_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    settled_odds bigint,
    updated timestamptz NOT NULL,
    call_until timestamptz,
    expires timestamptz,
    PRIMARY KEY (operator, id),
    CONSTRAINT ticket_state_counts_its_journal CHECK (n >= 1),
    CONSTRAINT ticket_state_status_is_known CHECK (
        status IN ('new', 'cancelled', 'reserved', 'open', 'resulted', 'closed')
    ),
    CONSTRAINT ticket_state_result_is_known CHECK (result IN ('pending', 'won', 'lost', 'void')),
    CONSTRAINT ticket_state_is_resulted_just_with_a_result CHECK (
        (status IN ('resulted', 'closed')) = (result <> 'pending')
    ),
    CONSTRAINT ticket_state_net_is_gross_less_withholding CHECK (
        net_cents = gross_cents - wht_cents AND least(gross_cents, wht_cents, net_cents) >= 0
    ),
    CONSTRAINT ticket_state_is_called_for_while_new CHECK (
        (status = 'new') = (call_until IS NOT NULL)
    ),
    CONSTRAINT ticket_state_expires_while_reserved CHECK (
        status <> 'reserved' OR expires IS NOT NULL
    )
) PARTITION BY RANGE (id);

COMMENT ON TABLE ticket_state IS 'Where a ticket stands; n is its last journal entry';
COMMENT ON COLUMN ticket_state.call_until IS 'Machine time from which a ticket that is new is lost';
COMMENT ON COLUMN ticket_state.sealed IS 'Declined or cashed out: no result touches it any more';

CREATE INDEX ticket_state_by_status ON ticket_state (operator, status, result, id);

CREATE TABLE ticket_state_other PARTITION OF ticket_state DEFAULT;

CREATE TABLE journal (
    operator integer NOT NULL,
    ticket bytea NOT NULL,
    n integer NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    result text NOT NULL,
    approved boolean NOT NULL,
    actor text,
    lane text,
    action text,
    body bytea,
    refusal smallint,
    detail text,
    PRIMARY KEY (operator, ticket, n),
    CONSTRAINT journal_counts_from_one CHECK (n >= 1),
    CONSTRAINT journal_status_is_known CHECK (
        status IN ('new', 'cancelled', 'reserved', 'open', 'resulted', 'closed')
    ),
    CONSTRAINT journal_result_is_known CHECK (result IN ('pending', 'won', 'lost', 'void')),
    CONSTRAINT journal_lane_is_known CHECK (lane IN ('pam', 'sms')),
    CONSTRAINT journal_sends_a_body_in_a_lane CHECK (
        (lane IS NULL) = (action IS NULL) AND (lane IS NULL) = (body IS NULL)
    )
) PARTITION BY RANGE (ticket);

COMMENT ON TABLE journal IS 'History, audit and outbox of tickets at once: the exact bytes told';
COMMENT ON COLUMN journal.detail IS 'Why: what the caller was told where it was refused';

CREATE TABLE journal_other PARTITION OF journal DEFAULT;

CREATE TABLE attempt (
    operator integer NOT NULL,
    ticket bytea NOT NULL,
    n integer NOT NULL,
    number integer NOT NULL,
    is_late boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL,
    verdict text NOT NULL,
    http_status smallint,
    duration_ms integer NOT NULL,
    answer bytea NOT NULL,
    PRIMARY KEY (operator, ticket, n, number, is_late),
    CONSTRAINT attempt_counts_from_one CHECK (number >= 1),
    CONSTRAINT attempt_verdict_is_known CHECK (
        verdict IN ('accepted', 'declined', 'unreached')
    ),
    CONSTRAINT attempt_answer_is_short CHECK (octet_length(answer) <= 2048)
) PARTITION BY RANGE (ticket);

COMMENT ON TABLE attempt IS 'Each sending of a journal entry and what was answered';

CREATE TABLE attempt_other PARTITION OF attempt DEFAULT;

CREATE FUNCTION prepare_tickets(instant timestamptz) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    first_month timestamp := date_trunc('month', instant AT TIME ZONE 'UTC');
    month timestamp;
    begins bytea;
    ends bytea;
    parent text;
    key text;
    name text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(1097032547);
    FOR ahead IN 0..2 LOOP
        month := first_month + make_interval(months => ahead);
        begins := decode(lpad(to_hex(
            extract(epoch FROM month AT TIME ZONE 'UTC')::bigint), 8, '0'), 'hex');
        ends := decode(lpad(to_hex(
            extract(epoch FROM (month + interval '1 month') AT TIME ZONE 'UTC')::bigint
        ), 8, '0'), 'hex');
        FOREACH parent IN ARRAY ARRAY['ticket', 'ticket_state', 'journal', 'attempt'] LOOP
            name := parent || '_' || to_char(month, 'YYYY_MM');
            key := CASE WHEN parent IN ('journal', 'attempt') THEN 'ticket' ELSE 'id' END;
            CONTINUE WHEN to_regclass(name) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, parent);
            EXECUTE format(
                'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *)'
                ' INSERT INTO %I SELECT * FROM moved',
                parent || '_other', key, begins, key, ends, name);
            EXECUTE format(
                'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                parent, name, begins, ends);
            IF parent = 'ticket_state' THEN
                EXECUTE format(
                    'ALTER TABLE %I SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02,'
                    ' autovacuum_analyze_scale_factor = 0.02)', name);
            END IF;
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;

COMMENT ON FUNCTION prepare_tickets IS
'Make the partitions of the month of an instant and of the two after it; answers how many';

-- ---- what waits: one row for each ticket and lane

CREATE TABLE agenda (
    operator integer NOT NULL,
    ticket bytea NOT NULL,
    lane text NOT NULL,
    task text NOT NULL,
    due timestamptz NOT NULL,
    next_n integer,
    last_n integer,
    attempts integer NOT NULL DEFAULT 0,
    lease timestamptz,
    attention timestamptz,
    PRIMARY KEY (operator, ticket, lane),
    CONSTRAINT agenda_lane_is_known CHECK (lane IN ('life', 'pam', 'sms')),
    CONSTRAINT agenda_task_is_of_its_lane CHECK (
        CASE lane
            WHEN 'life' THEN task IN ('recover', 'expire', 'decline', 'settle', 'close')
            ELSE task = 'deliver'
        END
    ),
    CONSTRAINT agenda_delivers_entries CHECK (
        (lane = 'life') = (next_n IS NULL) AND (lane = 'life') = (last_n IS NULL)
        AND next_n <= last_n
    )
)
WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);

COMMENT ON TABLE agenda IS 'What is to be done next for a ticket, in each of its lanes';
COMMENT ON COLUMN agenda.due IS 'Business time; lease is machine time, until which it is taken';

CREATE INDEX agenda_due ON agenda (operator, lane, due) WHERE attention IS NULL;
CREATE INDEX agenda_life ON agenda (operator, task, due)
WHERE lane = 'life' AND attention IS NULL;
CREATE INDEX agenda_attention ON agenda (operator, attention) WHERE attention IS NOT NULL;

-- ---- the operator's stream: numbers without a gap, each hash over the one before

CREATE TABLE fresh (
    operator integer NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    ticket bytea NOT NULL,
    n integer NOT NULL,
    PRIMARY KEY (operator, number)
)
WITH (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);

COMMENT ON TABLE fresh IS 'Journal entries that have no number in the stream yet';

CREATE TABLE stream (
    operator integer NOT NULL,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    ticket bytea NOT NULL,
    n integer NOT NULL,
    PRIMARY KEY (operator, number),
    CONSTRAINT stream_counts_from_one CHECK (number >= 1),
    CONSTRAINT stream_has_a_hash CHECK (octet_length(hash) = 32)
);

CREATE TABLE stream_head (
    operator integer PRIMARY KEY,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT stream_head_has_a_hash CHECK (octet_length(hash) = 32)
)
WITH (fillfactor = 50);

COMMENT ON TABLE stream_head IS 'The last entry of each stream; who numbers holds it';

-- ---- what is unique across the months

CREATE TABLE ticket_code (
    operator integer NOT NULL,
    code text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    free_from timestamptz,
    PRIMARY KEY (operator, code)
);

COMMENT ON TABLE ticket_code IS 'Codes in use, and those that rest after their ticket has ended';

CREATE INDEX ticket_code_resting ON ticket_code (free_from) WHERE free_from IS NOT NULL;

CREATE TABLE request_claim (
    operator integer NOT NULL,
    key bytea NOT NULL,
    body bytea NOT NULL,
    ticket bytea NOT NULL,
    n integer NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (operator, key),
    CONSTRAINT request_claim_has_hashes CHECK (
        octet_length(key) = 32 AND octet_length(body) = 32
    )
);

COMMENT ON TABLE request_claim IS
'Requests that wrote, by signature or idempotency-key, and the journal entry that decided each';

CREATE INDEX request_claim_by_end ON request_claim (until);

CREATE TRIGGER ticket_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER ticket_state_is_never_deleted
BEFORE DELETE OR TRUNCATE ON ticket_state
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER journal_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER attempt_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON attempt
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER stream_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON stream
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();
-- ---- end of 0006

-- ---- 0007: settlement: what is to be settled, what the wallet was told, what came too late.

ALTER TABLE ticket_state
ADD COLUMN held boolean NOT NULL DEFAULT false,
ADD COLUMN closing boolean NOT NULL DEFAULT false,
ADD COLUMN told_gross_cents bigint,
ADD COLUMN told_wht_cents bigint,
ADD COLUMN told_net_cents bigint,
ADD CONSTRAINT ticket_state_is_held_while_open CHECK (status = 'open' OR NOT held),
ADD CONSTRAINT ticket_state_is_closing_with_a_result CHECK (
    NOT closing OR status IN ('resulted', 'closed')
),
ADD CONSTRAINT ticket_state_was_told_all_amounts_or_none CHECK (
    num_nulls(told_gross_cents, told_wht_cents, told_net_cents) IN (0, 3)
);

COMMENT ON COLUMN ticket_state.held IS 'Decided, and not told: staff has to release it';
COMMENT ON COLUMN ticket_state.closing IS 'ticket_closed is written: corrections come too late';
COMMENT ON COLUMN ticket_state.told_net_cents IS
'Amounts in the last body that carried any; none where these are the ones that were struck';

-- ---- what is to be settled

-- A job is listed into chunks; what is in chunks is settled by whatever stands when it is locked.
CREATE TABLE settlement_job (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    event integer,
    operator integer,
    card text,
    step text NOT NULL DEFAULT 'settle',
    CONSTRAINT settlement_job_is_of_an_event_or_of_a_card CHECK (
        (event IS NULL) <> (card IS NULL) AND (card IS NULL OR operator IS NOT NULL)
    ),
    CONSTRAINT settlement_job_step_is_known CHECK (
        step = 'settle' OR (step = 'count' AND card IS NOT NULL)
    )
)
WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE settlement_job IS
'Tickets of an event (of one operator, or of all) or of a jackpot that have to be looked at';

CREATE TABLE settlement_chunk (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    place integer NOT NULL,
    due timestamptz NOT NULL DEFAULT statement_timestamp(),
    operator integer,
    card text,
    step text NOT NULL DEFAULT 'settle',
    keys bytea NOT NULL,
    CONSTRAINT settlement_chunk_names_tickets CHECK (
        octet_length(keys) % 16 = 0 AND octet_length(keys) > 0
    ),
    CONSTRAINT settlement_chunk_step_is_known CHECK (
        step = 'settle' OR (step = 'count' AND card IS NOT NULL)
    )
)
WITH (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);

COMMENT ON TABLE settlement_chunk IS
'Tickets that are settled in one transaction; its lock is the lease';
COMMENT ON COLUMN settlement_chunk.place IS 'Its place in its job: first chunks go before others';
COMMENT ON COLUMN settlement_chunk.due IS 'Machine time';
COMMENT ON COLUMN settlement_chunk.keys IS 'Sixteen bytes a ticket: operator and id';

CREATE INDEX settlement_chunk_by_place ON settlement_chunk (place, id);
CREATE INDEX settlement_chunk_of_a_card ON settlement_chunk (operator, card)
WHERE card IS NOT NULL;

-- ---- events that are not played

-- When an event was postponed, and when it should have started.
CREATE TABLE postponement (
    event integer NOT NULL REFERENCES event,
    version integer NOT NULL,
    starts timestamptz NOT NULL,
    told timestamptz NOT NULL,
    PRIMARY KEY (event, version)
);

CREATE INDEX postponement_by_time ON postponement (told);

-- What each operator's window made of it; void for ever for tickets that were placed before.
CREATE TABLE postponement_judged (
    operator integer NOT NULL REFERENCES operator,
    event integer NOT NULL,
    version integer NOT NULL,
    is_void boolean NOT NULL,
    told timestamptz NOT NULL,
    judged timestamptz NOT NULL DEFAULT business_now(),
    PRIMARY KEY (operator, event, version),
    FOREIGN KEY (event, version) REFERENCES postponement (event, version)
);

CREATE TRIGGER postponement_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON postponement
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER postponement_judged_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON postponement_judged
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

-- ---- corrections that came after the close

CREATE TABLE late_correction (
    operator integer NOT NULL,
    ticket bytea NOT NULL,
    found timestamptz NOT NULL DEFAULT business_now(),
    result text NOT NULL,
    gross_cents bigint NOT NULL,
    wht_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    PRIMARY KEY (operator, ticket),
    CONSTRAINT late_correction_result_is_known CHECK (
        result IN ('pending', 'won', 'lost', 'void')
    )
);

COMMENT ON TABLE late_correction IS
'What tickets that are closed would have ended with, as is known now';
-- ---- end of 0007

-- ---- 0008: jackpots: outcomes of their own, lines counted, prizes shared out, pools.

CREATE TABLE jackpot (
    operator integer NOT NULL,
    card text NOT NULL,
    planned timestamptz[] NOT NULL,
    commitment text,
    due timestamptz,
    version integer NOT NULL DEFAULT 0,
    step text NOT NULL DEFAULT 'wait',
    is_final boolean NOT NULL DEFAULT false,
    PRIMARY KEY (operator, card),
    FOREIGN KEY (operator, card) REFERENCES card (operator, code),
    CONSTRAINT jackpot_commitment_is_of_one_card UNIQUE (operator, commitment),
    CONSTRAINT jackpot_step_is_known CHECK (step IN ('wait', 'count', 'settle'))
);

COMMENT ON TABLE jackpot IS 'Where the settlement of a published jackpot stands';
COMMENT ON COLUMN jackpot.planned IS 'Starts as they were at publication, in the order of the card';
COMMENT ON COLUMN jackpot.due IS 'Business time at which it is judged; none: not before a fact';
COMMENT ON COLUMN jackpot.is_final IS 'A ticket of it is closed: corrections come too late';

CREATE INDEX jackpot_due ON jackpot (due) WHERE due IS NOT NULL;
CREATE INDEX jackpot_under_way ON jackpot (operator, card) WHERE step <> 'wait';

CREATE TABLE jackpot_seed (
    operator integer NOT NULL REFERENCES operator,
    commitment text NOT NULL,
    seed bytea NOT NULL,
    created timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    PRIMARY KEY (operator, commitment),
    CONSTRAINT jackpot_seed_is_what_was_committed_to CHECK (
        octet_length(seed) = 32 AND commitment = encode(sha256(seed), 'hex')
    )
);

COMMENT ON TABLE jackpot_seed IS 'Seeds of public draws, to be told once they are drawn';

CREATE TABLE jackpot_drawn (
    operator integer NOT NULL,
    card text NOT NULL,
    place smallint NOT NULL,
    sign text NOT NULL,
    scores text NOT NULL,
    drawn timestamptz NOT NULL DEFAULT business_now(),
    who text,
    PRIMARY KEY (operator, card, place),
    FOREIGN KEY (operator, card) REFERENCES jackpot (operator, card),
    CONSTRAINT jackpot_drawn_sign_is_known CHECK (sign IN ('1', 'X', '2'))
);

COMMENT ON TABLE jackpot_drawn IS 'Outcomes that were drawn: facts beside the results of events';
COMMENT ON COLUMN jackpot_drawn.who IS 'Who entered the draw of another platform; none: drawn here';

CREATE TABLE jackpot_version (
    operator integer NOT NULL,
    card text NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL DEFAULT business_now(),
    refund text,
    prize_rate integer NOT NULL,
    events integer[] NOT NULL,
    hows text[] NOT NULL,
    signs text[] NOT NULL,
    reserves integer[] NOT NULL,
    PRIMARY KEY (operator, card, version),
    FOREIGN KEY (operator, card) REFERENCES jackpot (operator, card),
    CONSTRAINT jackpot_version_stands_side_by_side CHECK (
        cardinality(events) = cardinality(hows) AND cardinality(events) = cardinality(signs)
        AND cardinality(events) = cardinality(reserves)
    )
);

COMMENT ON TABLE jackpot_version IS 'What a card makes of its events, or why it is refunded';

CREATE TABLE jackpot_tally (
    operator integer NOT NULL,
    card text NOT NULL,
    version integer NOT NULL,
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    stake_cents bigint NOT NULL,
    lines bigint[] NOT NULL,
    PRIMARY KEY (operator, card, version, id),
    FOREIGN KEY (operator, card, version)
    REFERENCES jackpot_version (operator, card, version),
    CONSTRAINT jackpot_tally_counts CHECK (stake_cents >= 0 AND 0 <= ALL (lines))
);

COMMENT ON TABLE jackpot_tally IS 'What the tickets of one chunk bring: stake, and lines by tier';

CREATE TABLE jackpot_prize (
    operator integer NOT NULL,
    card text NOT NULL,
    version integer NOT NULL,
    tier smallint NOT NULL,
    lines bigint NOT NULL,
    put_in_cents bigint NOT NULL,
    per_line_cents bigint NOT NULL,
    remainder_cents bigint NOT NULL,
    carried_cents bigint NOT NULL,
    kept_cents bigint NOT NULL,
    PRIMARY KEY (operator, card, version, tier),
    FOREIGN KEY (operator, card, version)
    REFERENCES jackpot_version (operator, card, version),
    CONSTRAINT jackpot_prize_adds_up CHECK (
        put_in_cents = lines * per_line_cents + remainder_cents + carried_cents + kept_cents
        AND least(lines, per_line_cents, remainder_cents, carried_cents, kept_cents) >= 0
    )
);

COMMENT ON TABLE jackpot_prize IS 'How the prize of each tier was shared out';

-- What rounds of the same title leave to the next one, and take from the one before.
CREATE TABLE jackpot_pool (
    operator integer NOT NULL,
    title text NOT NULL,
    currency text NOT NULL,
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    card text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    cents bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT business_now(),
    PRIMARY KEY (operator, title, currency, id),
    FOREIGN KEY (operator, card, version)
    REFERENCES jackpot_version (operator, card, version),
    CONSTRAINT jackpot_pool_kind_is_known CHECK (kind IN ('taken', 'left'))
);

COMMENT ON COLUMN jackpot_pool.cents IS 'Below zero where it is taken, or less is left than before';

CREATE INDEX jackpot_pool_of_a_card ON jackpot_pool (operator, card, kind);

CREATE TRIGGER jackpot_seed_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON jackpot_seed
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER jackpot_drawn_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON jackpot_drawn
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER jackpot_version_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON jackpot_version
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER jackpot_tally_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON jackpot_tally
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER jackpot_prize_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON jackpot_prize
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER jackpot_pool_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON jackpot_pool
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();
-- ---- end of 0008

-- ---- 0009: what a player's lists are found by.

-- A ticket's player never changes, so that the copy cannot grow old.
ALTER TABLE ticket_state ADD COLUMN player text;

ALTER TABLE ticket_state ALTER COLUMN player SET NOT NULL;

COMMENT ON COLUMN ticket_state.player IS 'As the ticket tells, for lists of a player';

CREATE INDEX ticket_state_by_player ON ticket_state (operator, player, status, result, id);

-- Types, codes and times are judged by the index alone: a player's tickets lie on many pages.
DROP INDEX ticket_by_player;
CREATE INDEX ticket_by_player ON ticket (operator, player, id) INCLUDE (type, code, created);
-- ---- end of 0009

-- How lists of tickets find codes of which many begin alike: by their first digit, newest first.
CREATE INDEX ticket_by_code ON ticket (operator, left(code, 1), id) INCLUDE (type, code, created);

-- Templates of cards, in versions that are only ever added, and the copies made of them.

CREATE TABLE card_template (
    name text NOT NULL,
    version integer NOT NULL,
    body bytea,
    at timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    PRIMARY KEY (name, version),
    CONSTRAINT card_template_has_a_name CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    CONSTRAINT card_template_counts_from_one CHECK (version >= 1),
    CONSTRAINT card_template_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE card_template IS 'Documents of `wire/template_files.py`; none is one that is off';

CREATE TABLE card_copies (
    operator integer NOT NULL REFERENCES operator,
    template text NOT NULL,
    day date NOT NULL,
    at timestamptz NOT NULL DEFAULT business_now(),
    codes text[] NOT NULL,
    PRIMARY KEY (operator, template, day),
    CONSTRAINT card_copies_are_some CHECK (cardinality(codes) >= 1)
);

COMMENT ON TABLE card_copies IS 'Which cards an operator got of a template on a day of its own';

CREATE TRIGGER card_template_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON card_template
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

CREATE TRIGGER card_copies_are_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON card_copies
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

-- What players were paid in a day under a limit, and by which tickets.

CREATE TABLE day_payout (
    operator integer NOT NULL,
    player text NOT NULL,
    type text NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    paid_cents bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (operator, player, type, currency, day),
    CONSTRAINT day_payout_is_not_below_zero CHECK (paid_cents >= 0)
)
WITH (fillfactor = 70);

COMMENT ON TABLE day_payout IS
'Gross payouts of tickets settled under a limit of the player''s day; its row is their lock';

CREATE TABLE ticket_day_payout (
    operator integer NOT NULL,
    ticket bytea NOT NULL,
    day date NOT NULL,
    cap_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    PRIMARY KEY (operator, ticket),
    CONSTRAINT ticket_day_payout_is_within_its_cap CHECK (paid_cents BETWEEN 0 AND cap_cents)
);

COMMENT ON TABLE ticket_day_payout IS
'What a won ticket took of its player''s day, and what the day had left for it';

-- One-time passwords: what telephone numbers were sent and have tried; no code stands here.

CREATE TABLE one_time_code (
    operator integer NOT NULL,
    msisdn text NOT NULL,
    salt bytea,
    digest bytea,
    until timestamptz,
    tries smallint NOT NULL DEFAULT 0,
    asked timestamptz[] NOT NULL DEFAULT '{}',
    failed timestamptz[] NOT NULL DEFAULT '{}',
    locked_until timestamptz,
    PRIMARY KEY (operator, msisdn),
    CONSTRAINT one_time_code_is_hashed CHECK (
        (salt IS NULL) = (digest IS NULL) AND (salt IS NULL) = (until IS NULL)
        AND octet_length(salt) = 32 AND octet_length(digest) = 32
    ),
    CONSTRAINT one_time_code_is_tried_a_few_times CHECK (tries BETWEEN 0 AND 5)
)
WITH (fillfactor = 70);

COMMENT ON TABLE one_time_code IS 'The newest code of a number, hashed, and its limits';

CREATE TABLE one_time_hour (
    operator integer NOT NULL,
    hour timestamptz NOT NULL,
    sent integer NOT NULL,
    PRIMARY KEY (operator, hour),
    CONSTRAINT one_time_hour_counts CHECK (sent >= 0)
)
WITH (fillfactor = 70);

COMMENT ON TABLE one_time_hour IS 'Codes that an operator had sent in an hour, over all numbers';

-- The deployment's own keys, which sign receipts; public ones stay for ever, for old receipts.

CREATE TABLE signing_key (
    id text PRIMARY KEY,
    public_key bytea NOT NULL,
    private_key bytea,
    valid_from timestamptz NOT NULL DEFAULT business_now(),
    retired timestamptz,
    who text NOT NULL,
    CONSTRAINT signing_key_is_named_by_its_hash CHECK (
        octet_length(public_key) = 32
        AND id = left(encode(sha256(public_key), 'hex'), 16)
    ),
    CONSTRAINT signing_key_signs_until_it_is_retired CHECK (
        (retired IS NULL) = (private_key IS NOT NULL) AND octet_length(private_key) = 32
    ),
    CONSTRAINT signing_key_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100)
);

COMMENT ON TABLE signing_key IS 'Keys that sign receipts; one at a time, and all for ever to check';
COMMENT ON COLUMN signing_key.private_key IS 'Whoever reads it can sign; gone once it is retired';

CREATE UNIQUE INDEX signing_key_in_force ON signing_key ((retired IS NULL)) WHERE retired IS NULL;

CREATE TRIGGER signing_key_is_never_deleted
BEFORE DELETE OR TRUNCATE ON signing_key
FOR EACH STATEMENT
EXECUTE FUNCTION refuse_change_of_history();

-- What dry runs of results have shown, so that just that is committed, or what changed is said.

CREATE TABLE dry_run (
    mark text PRIMARY KEY,
    event integer NOT NULL REFERENCES event,
    version integer NOT NULL,
    result text NOT NULL,
    at timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    names text[] NOT NULL,
    figures bigint[] NOT NULL,
    CONSTRAINT dry_run_is_named_by_its_mark CHECK (mark ~ '^[0-9a-f]{16}$'),
    CONSTRAINT dry_run_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100),
    CONSTRAINT dry_run_names_its_figures CHECK (cardinality(names) = cardinality(figures))
);

COMMENT ON TABLE dry_run IS 'Figures that were shown to whoever enters or confirms a result';

-- Payouts that a correction takes back, or would once staff agrees.

ALTER TABLE ticket_state
DROP CONSTRAINT ticket_state_is_held_while_open,
ADD CONSTRAINT ticket_state_is_held_before_its_close CHECK (
    NOT held OR (status IN ('open', 'resulted') AND NOT closing)
);

COMMENT ON COLUMN ticket_state.held IS
'Decided, or corrected to pay less, and not told: staff has to release it';

CREATE TABLE clawback (
    operator integer NOT NULL REFERENCES operator,
    ticket bytea NOT NULL,
    n integer NOT NULL,
    at timestamptz NOT NULL DEFAULT business_now(),
    policy text NOT NULL,
    was_net_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    PRIMARY KEY (operator, ticket, n),
    CONSTRAINT clawback_policy_is_known CHECK (policy IN ('rollback', 'hold', 'net')),
    CONSTRAINT clawback_takes_back CHECK (net_cents >= 0 AND net_cents < was_net_cents)
);

COMMENT ON TABLE clawback IS 'Journal entries that begin to take back a payout, or hold it back';

CREATE INDEX clawback_by_time ON clawback (operator, at);

-- What settlement keeps: what the wallet was told, what is to be settled, what came too late.

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

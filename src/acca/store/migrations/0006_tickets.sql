-- Tickets in four tables (facts, state, journal, stream), what waits for them, and what is unique.
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

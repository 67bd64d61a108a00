-- What jackpots are settled by: outcomes of their own, lines counted, prizes shared out, pools.

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

INSERT INTO jackpot (operator, card, planned)
SELECT
    card.operator, card.code, ARRAY(
        SELECT event.starts
        FROM unnest(card.events) WITH ORDINALITY AS listed (id, place)
        JOIN event ON event.id = listed.id
        ORDER BY listed.place
    )
FROM card
WHERE card.type = 'jackpot' AND card.published IS NOT NULL AND card.settled IS NULL;

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

-- The feed's trace is kept for a while only: what is old is found by its time.
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

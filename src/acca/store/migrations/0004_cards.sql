-- Bet cards: what is on offer, by product; the body is the document of `wire/card_files.py`.

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

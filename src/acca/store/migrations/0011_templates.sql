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

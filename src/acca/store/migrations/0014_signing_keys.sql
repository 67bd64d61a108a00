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

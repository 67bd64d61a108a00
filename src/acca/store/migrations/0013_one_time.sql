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

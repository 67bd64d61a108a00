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

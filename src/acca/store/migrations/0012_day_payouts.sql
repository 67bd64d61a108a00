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

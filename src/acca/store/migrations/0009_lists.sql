-- What a player's lists are found by.

-- A ticket's player never changes, so that the copy cannot grow old.
ALTER TABLE ticket_state ADD COLUMN player text;

UPDATE ticket_state
SET player = ticket.player
FROM ticket
WHERE ticket.operator = ticket_state.operator AND ticket.id = ticket_state.id;

ALTER TABLE ticket_state ALTER COLUMN player SET NOT NULL;

COMMENT ON COLUMN ticket_state.player IS 'As the ticket tells, for lists of a player';

CREATE INDEX ticket_state_by_player ON ticket_state (operator, player, status, result, id);

-- Types, codes and times are judged by the index alone: a player's tickets lie on many pages.
DROP INDEX ticket_by_player;
CREATE INDEX ticket_by_player ON ticket (operator, player, id) INCLUDE (type, code, created);

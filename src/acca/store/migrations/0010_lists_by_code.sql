-- How lists of tickets find codes of which many begin alike: by their first digit, newest first.
CREATE INDEX ticket_by_code ON ticket (operator, left(code, 1), id) INCLUDE (type, code, created);

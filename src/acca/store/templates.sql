-- name: list_templates
-- List the templates that are in force, by name.
SELECT name, version, body, at, who
FROM (
    SELECT DISTINCT ON (name) name, version, body, at, who
    FROM card_template
    ORDER BY name, version DESC
) AS newest
WHERE body IS NOT NULL
ORDER BY name;

-- name: append_template
-- Add the next version of a template; one without a body ends it.
INSERT INTO card_template (name, version, body, who)
SELECT
    $1, 1 + coalesce((SELECT max(version) FROM card_template WHERE name = $1), 0), $2, $3
RETURNING name, version, body, at, who;

-- name: list_copied
-- List which of some operators had their copies of some templates on their days.
SELECT given.operator, given.template
FROM unnest($1::integer[], $2::text[], $3::date[]) AS given (operator, template, day)
JOIN card_copies USING (operator, template, day);

-- name: is_copied
-- Tell whether an operator had its copies of a template on a day.
SELECT EXISTS (
    SELECT FROM card_copies
    WHERE operator = $1 AND template = $2 AND day = $3
);

-- name: insert_copies
-- Note the copies that an operator has of a template on a day.
INSERT INTO card_copies (operator, template, day, codes)
VALUES ($1, $2, $3, $4);

-- name: list_copies
-- List the cards that an operator has of a template, the newest days first.
SELECT codes
FROM card_copies
WHERE operator = $1 AND template = $2
ORDER BY day DESC
LIMIT $3;

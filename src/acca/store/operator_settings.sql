-- name: list_operator_settings
-- List the settings of one operator that were ever set, each as it is in force.
SELECT DISTINCT ON (name) name, value
FROM operator_setting
WHERE operator = $1
ORDER BY name, version DESC;

-- name: list_operator_setting_changes
-- List every change of one operator's settings, the newest first.
SELECT name, version, value, reason, created, who
FROM operator_setting
WHERE operator = $1
ORDER BY created DESC, name, version DESC;

-- name: append_operator_settings
-- Append the next versions of settings of an operator, which the transaction holds.
INSERT INTO operator_setting (operator, name, version, value, reason, who)
SELECT $1, asked.name, coalesce(max(past.version), 0) + 1, asked.value, $4, $5
FROM unnest($2::text[], $3::text[]) AS asked (name, value)
LEFT JOIN operator_setting AS past ON past.operator = $1 AND past.name = asked.name
GROUP BY asked.name, asked.value;

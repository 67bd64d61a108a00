-- name: hold_platform_settings
-- Be the only one who changes settings of the platform until the transaction ends; reading goes on.
LOCK TABLE platform_setting IN SHARE ROW EXCLUSIVE MODE;

-- name: list_platform_settings
-- List the settings of the platform that were ever set, each as it is in force.
SELECT DISTINCT ON (name) name, value
FROM platform_setting
ORDER BY name, version DESC;

-- name: list_platform_setting_changes
-- List every change of the platform's settings, the newest first.
SELECT name, version, value, NULL::text AS reason, created, who
FROM platform_setting
ORDER BY created DESC, name, version DESC;

-- name: append_platform_settings
-- Append the next versions of settings of the platform, which the transaction holds.
INSERT INTO platform_setting (name, version, value, who)
SELECT asked.name, coalesce(max(past.version), 0) + 1, asked.value, $3
FROM unnest($1::text[], $2::text[]) AS asked (name, value)
LEFT JOIN platform_setting AS past ON past.name = asked.name
GROUP BY asked.name, asked.value;

-- What dry runs of results have shown, so that just that is committed, or what changed is said.

CREATE TABLE dry_run (
    mark text PRIMARY KEY,
    event integer NOT NULL REFERENCES event,
    version integer NOT NULL,
    result text NOT NULL,
    at timestamptz NOT NULL DEFAULT business_now(),
    who text NOT NULL,
    names text[] NOT NULL,
    figures bigint[] NOT NULL,
    CONSTRAINT dry_run_is_named_by_its_mark CHECK (mark ~ '^[0-9a-f]{16}$'),
    CONSTRAINT dry_run_was_made_by_somebody CHECK (length(who) BETWEEN 1 AND 100),
    CONSTRAINT dry_run_names_its_figures CHECK (cardinality(names) = cardinality(figures))
);

COMMENT ON TABLE dry_run IS 'Figures that were shown to whoever enters or confirms a result';

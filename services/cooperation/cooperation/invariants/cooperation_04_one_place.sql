-- A set and a crate are in exactly one place at a time, without a hole since they were first somewhere.
WITH stays AS (
    SELECT c.subject_id, c.subject_kind, c.since, c.until, lag(c.until) OVER w AS before, row_number() OVER w AS number,
           row_number() OVER (PARTITION BY c.subject_id ORDER BY c.since DESC, c.until DESC NULLS FIRST) AS from_last
    FROM custody c WINDOW w AS (PARTITION BY c.subject_id ORDER BY c.since, c.until NULLS LAST)
)
SELECT subject_id::text AS key, 'is nowhere from ' || before || ' to ' || since AS detail
FROM stays WHERE number > 1 AND before < since
UNION ALL
SELECT subject_id::text, 'is in two places from ' || since FROM stays WHERE number > 1 AND (before IS NULL OR before > since)
UNION ALL
SELECT subject_id::text, 'is nowhere since ' || until
FROM stays WHERE from_last = 1 AND until IS NOT NULL AND subject_kind IN ('set', 'crate')

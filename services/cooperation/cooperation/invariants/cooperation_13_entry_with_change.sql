-- Each change has its entry, in the transaction of the change: versions of a subject are 1, 2, 3… in the order of its entries, none twice.
SELECT e.subject_id::text AS key, 'has versions up to ' || max(e.subject_version) || ' and ' || count(DISTINCT e.subject_version) || ' of them in the trace' AS detail
FROM trace_entry e GROUP BY e.subject_id HAVING max(e.subject_version) <> count(DISTINCT e.subject_version)
UNION ALL
SELECT c.subject_id::text, 'changed to version ' || c.subject_version || ' ' || count(*) || ' times'
FROM trace_entry c WHERE c.data -> 'row' ? 'version' GROUP BY c.subject_id, c.subject_version HAVING count(*) > 1
UNION ALL
SELECT e.subject_id::text, 'went from version ' || e.before || ' back to ' || e.subject_version
FROM (SELECT subject_id, subject_version, lag(subject_version) OVER (PARTITION BY subject_id ORDER BY seq) AS before
      FROM trace_entry WHERE data -> 'row' ? 'version') e
WHERE e.before > e.subject_version

-- Stored free time is what is open, less what is closed, less what is taken; stored closed time is absences and closures.
SELECT a.id AS key,
       a.local_date || ' free ' || a.free || ' should be ' || f.free || ', closed ' || a.closed || ' should be ' || f.closed AS detail
FROM availability a
CROSS JOIN LATERAL (
    SELECT c.closed, computed_free(a.practitioner_id, a.during, c.closed) AS free
    FROM (SELECT computed_closed(a.practitioner_id, a.site_id, a.during) AS closed OFFSET 0) c) f
WHERE a.ends_at > kit_now() AND (a.free, a.closed) IS DISTINCT FROM (f.free, f.closed)

"""SQL of unscheduled care."""

# $1 local day from, $2 local day to, $3 minutes of a time where the window has no step of its own.
# Free times are counted run by run, for two halves of a time make none. What has not changed is not written.
COUNT = """
WITH free AS (
    SELECT a.organisation_id, a.site_id, a.local_date,
           CASE WHEN (lower(a.during) AT TIME ZONE s.timezone)::time < '13:00'
                THEN 'morning' ELSE 'afternoon' END AS half,
           coalesce(sum((SELECT sum(floor(extract(epoch FROM upper(r) - lower(r)) / 60 / coalesce(a.step_minutes, $3)))
                         FROM unnest(a.free) AS r)), 0)::integer AS times
    FROM availability a JOIN site s ON s.id = a.site_id
    WHERE a.kind = 'unscheduled' AND a.local_date BETWEEN $1 AND $2
    GROUP BY 1, 2, 3, 4
), taken AS (
    SELECT a.organisation_id, a.site_id, a.local_date,
           CASE WHEN (lower(a.during) AT TIME ZONE s.timezone)::time < '13:00'
                THEN 'morning' ELSE 'afternoon' END AS half,
           count(*)::integer AS times
    FROM appointment a JOIN visit_reason r ON r.id = a.reason_id AND r.unscheduled JOIN site s ON s.id = a.site_id
    WHERE a.local_date BETWEEN $1 AND $2 AND a.status NOT IN ('cancelled', 'entered-in-error')
    GROUP BY 1, 2, 3, 4
), counted AS (
    SELECT organisation_id, site_id, local_date, half,
           coalesce(f.times, 0) + coalesce(t.times, 0) AS offered, coalesce(t.times, 0) AS booked
    FROM free f FULL JOIN taken t USING (organisation_id, site_id, local_date, half)
    UNION ALL
    SELECT k.organisation_id, k.site_id, k.local_date, k.half, 0, 0 FROM unscheduled_care k
    WHERE k.local_date BETWEEN $1 AND $2 AND k.offered > 0
      AND NOT EXISTS (SELECT FROM free f WHERE (f.site_id, f.local_date, f.half) = (k.site_id, k.local_date, k.half))
      AND NOT EXISTS (SELECT FROM taken t WHERE (t.site_id, t.local_date, t.half) = (k.site_id, k.local_date, k.half))
)
INSERT INTO unscheduled_care AS u (organisation_id, site_id, local_date, half, offered, booked)
SELECT organisation_id, site_id, local_date, half, offered, booked FROM counted ORDER BY site_id, local_date, half
ON CONFLICT (site_id, local_date, half) DO UPDATE
SET offered = excluded.offered, booked = excluded.booked, version = u.version + 1
WHERE (u.offered, u.booked) IS DISTINCT FROM (excluded.offered, excluded.booked)
RETURNING organisation_id, site_id, local_date AS date, half, offered, booked, version
"""

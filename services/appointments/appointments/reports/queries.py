"""SQL of reports: sets, never visits one by one.

$1 first day, $2 last day, $3 practitioner or null, $4 site or null, $5 the person who reads only his own, or null.
"""

from collections.abc import Mapping

_WEEK = "to_char(date_trunc('week', a.local_date), 'YYYY-MM-DD')"
_MONTH = "to_char(a.local_date, 'YYYY-MM')"
_LEAD = """CASE WHEN lower(a.during) - a.created_at < interval '1 day' THEN '0'
    WHEN lower(a.during) - a.created_at < interval '3 days' THEN '1-2'
    WHEN lower(a.during) - a.created_at < interval '8 days' THEN '3-7'
    WHEN lower(a.during) - a.created_at < interval '15 days' THEN '8-14'
    WHEN lower(a.during) - a.created_at < interval '31 days' THEN '15-30' ELSE '31+' END"""
_REMINDED = """CASE WHEN EXISTS (SELECT FROM message m WHERE m.appointment_id = a.id AND m.kind = 'reminder'
    AND m.state IN ('sent', 'delivered')) THEN 'reminded' ELSE 'not_reminded' END"""
_KEYS: Mapping[str, str] = {
    "practitioner": "a.practitioner_id",
    "site": "a.site_id",
    "week": _WEEK,
    "month": _MONTH,
    "weekday": "extract(isodow FROM a.local_date)::int",
    "mode": "a.mode",
    "channel": "a.channel",
    "reason": "a.reason_id",
    "lead": _LEAD,
    "reminder": _REMINDED,
}


def _patients(group: str) -> str:
    """Whom a sensitive reason would tell of. Elsewhere nobody asks, and counting people sorts all rows."""
    return "count(DISTINCT a.patient_id)" if group == "reason" else "count(*)"


_OWN = "SELECT o.id FROM practitioner o WHERE o.person_id = $5"
_ASKED = f"""
a.local_date BETWEEN $1 AND $2
AND ($3::uuid IS NULL OR a.practitioner_id = $3) AND ($4::uuid IS NULL OR a.site_id = $4)
AND ($5::uuid IS NULL OR a.practitioner_id IN ({_OWN}))
"""
ACTIVITY: Mapping[str, str] = {
    group: f"""
SELECT ({key})::text AS key, bool_or(r.sensitive) AS sensitive, {_patients(group)} AS patients,
    count(*) AS visits,
    count(*) FILTER (WHERE a.status IN ('pending', 'booked', 'arrived')) AS booked,
    count(*) FILTER (WHERE a.status = 'fulfilled') AS fulfilled,
    count(*) FILTER (WHERE a.status = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE a.status = 'cancelled' AND a.late) AS late,
    count(*) FILTER (WHERE a.status = 'noshow') AS noshow,
    count(*) FILTER (WHERE r.unscheduled AND a.status <> 'cancelled') AS unscheduled,
    count(*) FILTER (WHERE a.channel = 'phone') AS phone,
    count(*) FILTER (WHERE a.channel = 'online') AS online,
    count(*) FILTER (WHERE a.channel = 'desk') AS desk,
    count(*) FILTER (WHERE a.channel = 'partner') AS partner,
    count(*) FILTER (WHERE a.channel = 'sas') AS sas,
    count(*) FILTER (WHERE a.overbooked) AS overbooked,
    count(*) FILTER (WHERE a.walk_in) AS walk_ins,
    count(*) FILTER (WHERE a.status = 'fulfilled'
        AND (p.first_seen_at AT TIME ZONE s.timezone)::date = a.local_date) AS first_visits
FROM appointment a
JOIN visit_reason r ON r.id = a.reason_id JOIN site s ON s.id = a.site_id JOIN patient p ON p.id = a.patient_id
WHERE {_ASKED} AND a.status <> 'entered-in-error'
GROUP BY {key} ORDER BY 1
"""
    for group, key in _KEYS.items()
}
MISSED: Mapping[str, str] = {
    group: f"""
SELECT ({key})::text AS key, bool_or(r.sensitive) AS sensitive, {_patients(group)} AS patients,
    count(*) FILTER (WHERE a.status <> 'cancelled') AS due,
    count(*) FILTER (WHERE a.status = 'noshow') AS missed,
    count(*) FILTER (WHERE a.status = 'noshow' AND a.excused) AS excused,
    count(*) FILTER (WHERE a.status = 'cancelled') AS late
FROM appointment a JOIN visit_reason r ON r.id = a.reason_id
WHERE {_ASKED} AND (a.status IN ('arrived', 'fulfilled', 'noshow') OR (a.status = 'cancelled' AND a.late))
GROUP BY {key} ORDER BY 1
"""
    for group, key in _KEYS.items()
}
FREED = f"""
SELECT count(*) AS freed, count(*) FILTER (WHERE a.state = 'taken') AS retaken
FROM (SELECT f.*, (lower(f.during) AT TIME ZONE s.timezone)::date AS local_date
      FROM freed_time f JOIN site s ON s.id = f.site_id) a
WHERE {_ASKED}
"""
SEEN = f"""
SELECT a.reason_id, a.site_id, count(*) AS seen, count(DISTINCT a.patient_id) AS patients,
    count(*) FILTER (WHERE lower(a.during) - a.created_at <= interval '48 hours') AS within_48h
FROM appointment a
WHERE {_ASKED} AND a.status = 'fulfilled'
GROUP BY 1, 2
"""
# One who waits for any site waits at each of them.
WAITING = """
SELECT e.reason_id, s.id AS site_id, count(*) AS waiting,
    max(extract(epoch FROM $3::timestamptz - e.created_at) / 86400)::int AS oldest_days
FROM waiting_entry e JOIN site s ON s.organisation_id = e.organisation_id AND s.active
    AND (e.site_ids = '{}' OR s.id = ANY (e.site_ids))
WHERE e.state IN ('waiting', 'offered') AND ($1::uuid IS NULL OR $1 = ANY (e.practitioner_ids))
    AND ($2::uuid IS NULL OR s.id = $2) AND ($4::uuid IS NULL OR e.practitioner_ids && ARRAY(
        SELECT o.id FROM practitioner o WHERE o.person_id = $4))
GROUP BY 1, 2
"""
WINDOWS = f"""
SELECT a.kind AS key, a.site_id, s.name AS site, sum(a.opened)::int AS opened, sum(a.opened - a.free)::int AS used
FROM (
    SELECT v.kind, v.site_id, v.practitioner_id, v.local_date,
        (SELECT coalesce(sum(extract(epoch FROM upper(o) - lower(o)) / 60), 0)
         FROM unnest(tstzmultirange(v.during) - v.closed) AS o) AS opened,
        (SELECT coalesce(sum(extract(epoch FROM upper(f) - lower(f)) / 60), 0) FROM unnest(v.free) AS f) AS free
    FROM availability v WHERE v.local_date BETWEEN $1 AND $2 AND v.kind <> 'admin') a
JOIN site s ON s.id = a.site_id
WHERE {_ASKED} GROUP BY 1, 2, 3 ORDER BY 3, 1
"""
REASONS = """
SELECT r.id, r.label, r.sensitive FROM visit_reason r
WHERE r.active AND 'secretariat' = ANY (r.bookable_by) ORDER BY r.rank, r.id
"""
SITES = "SELECT id, name FROM site WHERE active AND ($1::uuid IS NULL OR id = $1) ORDER BY name, id"
OWN_PRACTITIONERS = "SELECT id FROM practitioner WHERE person_id = $1"
KNOWN = """
SELECT ($1::uuid IS NULL OR EXISTS (SELECT FROM practitioner WHERE id = $1))
   AND ($2::uuid IS NULL OR EXISTS (SELECT FROM site WHERE id = $2))
"""
LABELS: Mapping[str, str] = {
    "practitioner": "SELECT id::text AS key, display_name AS label FROM practitioner",
    "site": "SELECT id::text AS key, name AS label FROM site",
    "reason": "SELECT id::text AS key, label FROM visit_reason",
}

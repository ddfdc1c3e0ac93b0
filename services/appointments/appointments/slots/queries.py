"""SQL of the search: `availability` only, driven by its indexes in the order of time, so that cost follows the answer.

Parameters of all: $1 from, $2 until, $3 now, $4 audience, $5 reasons, $6 professions, $7 modes, $8 organisations, then
their own.
"""

REASONS = """
SELECT r.id, r.organisation_id, r.professions, r.modes::text AS modes, r.needs::text AS needs,
       r.min_notice_minutes, r.max_ahead_days, r.protocol_id,
       CASE WHEN r.protocol_id IS NOT NULL THEN
           (SELECT jsonb_agg(to_jsonb(m))::text FROM delegation_members(r.protocol_id) m) END AS delegation
FROM visit_reason r
WHERE r.active AND (r.id = $1 OR r.code = $2) AND $3 = ANY (r.bookable_by)
"""
SITES = "SELECT id FROM site WHERE active AND (id = ANY ($1) OR code = ANY ($2))"

_COLUMNS = """
SELECT a.id, a.organisation_id, a.practitioner_id, a.site_id, a.profession, a.free_runs, a.free_from,
       a.modes, a.reason_ids, a.step_minutes, s.timezone
"""
_OPEN = """
  a.free_to > $1 AND a.free_from < $2 AND a.kind IN ('clinic', 'unscheduled', 'home_round')
  AND CASE $4 WHEN 'public' THEN a.public_from WHEN 'secretariat' THEN a.secretariat_from
              WHEN 'partner' THEN a.partner_from WHEN 'regulator' THEN a.regulator_from WHEN 'cpts' THEN a.cpts_from
      END <= $3
  AND (a.reason_ids && $5::uuid[] OR (a.reason_ids = '{}' AND a.profession = ANY ($6::text[])))
  AND a.modes && $7::text[] AND a.organisation_id = ANY ($8::uuid[])
"""
_SITE = " JOIN site s ON s.id = a.site_id AND s.active "

# Of some sites or practitioners: all windows whose free time begins in ($9, $10]. A window lasts 25 hours at most, so
# those that have begun already are found from a day before.
_FROM = _COLUMNS + " FROM availability a" + _SITE + "WHERE" + _OPEN
_SLICE = _FROM + " AND a.free_from > $9 AND a.free_from <= $10"
SLICE_AT = _SLICE + " AND a.site_id = ANY ($11::uuid[])"
SLICE_OF = _SLICE + " AND a.practitioner_id = ANY ($11::uuid[]) AND ($12::uuid[] IS NULL OR a.site_id = ANY ($12))"

# Of the whole territory: some of the windows that have begun, and those to come after ($9, $10, $11), in the order of
# the index.
RUNNING = _FROM + " AND a.free_from <= $1 AND a.free_to < $1 + interval '25 hours' LIMIT $9"
UPCOMING = (
    _FROM
    + """ AND a.free_from > $1 AND a.free_from >= $9 AND (a.free_from, a.site_id, a.id) > ($9, $10, $11)
    ORDER BY a.free_from, a.site_id, a.id LIMIT $12"""
)

# All windows of each local day $9, at most $10 a day.
_OF_DAY = (
    "SELECT n.*, d.day FROM unnest($9::date[]) AS d (day) CROSS JOIN LATERAL ("
    + _COLUMNS
    + " FROM availability a"
    + _SITE
    + "WHERE a.local_date = d.day AND"
    + _OPEN
)
OF_DAYS = _OF_DAY + " ORDER BY a.site_id, a.id LIMIT $10) n"
OF_DAYS_AT = _OF_DAY + " AND a.site_id = ANY ($11::uuid[]) LIMIT $10) n"
OF_DAYS_OF = (
    _OF_DAY
    + """ AND a.practitioner_id = ANY ($11::uuid[])
      AND a.ends_at > (d.day - 1)::timestamptz AND a.ends_at < (d.day + 3)::timestamptz
      AND ($12::uuid[] IS NULL OR a.site_id = ANY ($12)) LIMIT $10) n"""
)

# How much of a local day each practitioner has given away already, in minutes.
BOOKED_MINUTES = """
SELECT a.practitioner_id, a.local_date, (sum(extract(epoch FROM upper(taken) - lower(taken))) / 60)::int AS minutes
FROM availability a CROSS JOIN LATERAL unnest(tstzmultirange(a.during) - a.closed - a.free) AS taken
WHERE a.practitioner_id = ANY ($1) AND a.local_date = ANY ($2) AND a.ends_at > $3 AND a.ends_at < $4
GROUP BY a.practitioner_id, a.local_date
"""

# Who and what else a reason needs at these sites: colleagues by profession, rooms and equipment by tag.
COLLEAGUES = """
SELECT a.site_id, a.practitioner_id, a.profession, a.free_runs FROM availability a
WHERE a.site_id = ANY ($1) AND a.profession = ANY ($2) AND a.free_to > $3 AND a.free_from < $4 AND a.kind <> 'admin'
ORDER BY a.site_id, a.practitioner_id, a.starts_at
"""
THINGS = """
SELECT r.id, r.site_id, r.kind, r.tags, coalesce(
    (SELECT array_agg(b.during ORDER BY lower(b.during)) FROM busy b
     WHERE b.resource_id = r.id AND b.ends_at > $3 AND lower(b.during) < $4), '{}') AS taken
FROM resource r
WHERE r.site_id = ANY ($1) AND r.kind = ANY ($2) AND r.active
ORDER BY r.site_id, r.id
"""

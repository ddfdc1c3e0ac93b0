"""SQL of what must be known before a time is taken. Taking and giving back are functions of revision 0007."""

# One row: the reason, the place, the practitioner if one is named, the patient if one is known (it locks him).
# $1 reason, $2 site, $3 practitioner or null, $4 patient or null, $5 start, $6 the appointment that moves or null,
# $7 now.
FACTS = """
SELECT r.organisation_id, r.professions, r.modes, r.bookable_by, r.min_notice_minutes, r.max_ahead_days, r.min_age,
       r.max_age, r.first_visit, r.known_patient_only, r.unscheduled, r.needs_confirmation, r.needs, r.max_live,
       r.protocol_id,
       si.timezone, si.finess, o.settings, o.phone,
       p.id AS practitioner_id, p.rpps, p.person_id, s.id AS schedule_id,
       h.organisation_id AS patient_organisation_id, h.birth_date, h.seen, h.online_blocked_until, h.live_online,
       h.near_id
FROM visit_reason r
JOIN organisation o ON o.id = r.organisation_id
JOIN site si ON si.id = $2 AND si.organisation_id = r.organisation_id AND si.active
LEFT JOIN practitioner p ON p.id = $3 AND p.organisation_id = r.organisation_id AND p.profession = ANY (r.professions)
     AND p.active_during @> ($5 AT TIME ZONE si.timezone)::date
LEFT JOIN schedule s ON s.practitioner_id = p.id AND s.site_id = si.id AND s.active
LEFT JOIN LATERAL patient_record($4, r.id, $5, r.min_gap_days, $6, $7) h ON true
WHERE r.id = $1 AND r.active
"""

# Who could give a time at a site, the least booked of the day first; `free` is false for those whose time is taken.
# $1 site, $2 local days, $3 span, $4 reason, $5 mode, $6 audience, $7 now, $8 professions, $9 local day.
CANDIDATES = """
SELECT p.id AS practitioner_id, p.rpps, p.person_id, w.schedule_id, is_idle(p.id, $3, $7, NULL) AS free
FROM (SELECT DISTINCT a.practitioner_id, a.schedule_id FROM availability a
      WHERE a.site_id = $1 AND a.local_date = ANY ($2::date[]) AND a.during @> $3) w
JOIN practitioner p ON p.id = w.practitioner_id
WHERE p.profession = ANY ($8) AND p.active_during @> $9::date AND time_is_open(p.id, $1, $3, $4, $5, $6, $7, false)
ORDER BY (SELECT count(*) FROM appointment x
          WHERE x.practitioner_id = p.id AND x.local_date = $9
            AND x.status IN ('pending', 'booked', 'arrived', 'fulfilled')), p.id
"""

# Rooms or equipment of a site that are free.
# $1 site, $2 kind, $3 tag or null, $4 span, $5 now, $6 the appointment that moves or null.
ROOMS = """
SELECT r.id FROM resource r
WHERE r.site_id = $1 AND r.kind = $2 AND r.active AND ($3::text IS NULL OR $3 = ANY (r.tags))
  AND is_idle(r.id, $4, $5, $6)
ORDER BY r.id LIMIT 20
"""

# Practitioners of a profession who are there and free.
# $1 site, $2 profession, $3 local days, $4 span, $5 now, $6 the appointment that moves or null.
ASSISTANTS = """
SELECT DISTINCT a.practitioner_id AS id FROM availability a
WHERE a.site_id = $1 AND a.profession = $2 AND a.local_date = ANY ($3::date[]) AND a.kind <> 'admin'
  AND a.during @> $4 AND NOT a.closed && $4 AND is_idle(a.practitioner_id, $4, $5, $6)
ORDER BY a.practitioner_id LIMIT 20
"""

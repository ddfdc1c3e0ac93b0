"""SQL of visits outside the centre and of rounds."""

PLACE_KNOWN = "SELECT true FROM place WHERE id = $1 AND organisation_id = $2 AND active"

# Windows in which a practitioner goes out, on a local day and the one before, whose night may run into it.
# $1 practitioner, $2 and $3 first and last local day, $4 modes.
WINDOWS = """
SELECT a.local_date, a.site_id, lower(a.during) AS start, upper(a.during) AS end, a.modes, a.reason_ids, a.free
FROM availability a
WHERE a.practitioner_id = $1 AND a.local_date BETWEEN $2::date AND $3::date AND a.kind <> 'admin' AND a.modes && $4
ORDER BY lower(a.during)
"""

# $1 practitioner, $2 and $3 first and last local day of their starts.
STOPS = """
SELECT a.id, a.organisation_id, a.version, a.status, a.mode, a.patient_id, lower(a.during) AS start,
       upper(a.during) AS end, upper(a.occupied) AS occupied_until, a.visit_address, a.place_id, a.note,
       s.timezone, pl.name AS place_name, pl.address_line, pl.postal_code, pl.city, pl.phone AS place_phone,
       p.birth_family_name, p.used_family_name, p.birth_given_names, p.used_given_name,
       coalesce(a.requester ->> 'phone', c.value) AS phone
FROM appointment a
JOIN patient p ON p.id = a.patient_id
JOIN site s ON s.id = a.site_id
LEFT JOIN place pl ON pl.id = a.place_id
LEFT JOIN LATERAL (
    SELECT c.value FROM contact c WHERE c.patient_id = a.patient_id AND c.kind IN ('mobile', 'landline')
    ORDER BY c.verified_at IS NULL, c.kind DESC, c.value LIMIT 1) c ON true
WHERE a.practitioner_id = $1 AND a.local_date BETWEEN $2::date AND $3::date AND a.mode IN ('home', 'care_home')
  AND a.status IN ('pending', 'booked', 'arrived', 'fulfilled', 'noshow')
ORDER BY lower(a.during), a.id
"""

PRACTITIONER = "SELECT id, organisation_id, person_id, display_name FROM practitioner WHERE id = $1"
ZONE = """
SELECT coalesce((SELECT s.timezone FROM schedule c JOIN site s ON s.id = c.site_id
                 WHERE c.practitioner_id = $1 ORDER BY c.id LIMIT 1), 'Europe/Paris')
"""
# Patients before times, by id: two acts over the same people wait for each other instead of falling.
LOCK_PATIENTS = "SELECT id FROM patient WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE"
LOCK_VISITS = "SELECT id FROM appointment WHERE id = ANY ($1) ORDER BY id FOR UPDATE"
# When each patient believes that he is visited: as the last message said, else as it was booked.
TOLD = """
SELECT a.id, coalesce(
    (SELECT lower(c.during) FROM message m
     JOIN appointment_change c ON c.appointment_id = m.appointment_id AND c.version = m.version
     WHERE m.appointment_id = a.id AND m.kind IN ('confirmation', 'moved')
       AND m.state NOT IN ('planned', 'failed', 'dropped')
     ORDER BY m.version DESC LIMIT 1),
    (SELECT lower(c.during) FROM appointment_change c WHERE c.appointment_id = a.id AND c.version = 1)) AS told
FROM appointment a WHERE a.id = ANY ($1)
"""

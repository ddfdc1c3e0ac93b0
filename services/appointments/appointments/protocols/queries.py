"""SQL of protocols. The rule of who may give a visit when is `delegation_members`, a function of revision 0011."""

# What is booked under a protocol holds it until it is committed; what changes it waits, and keeps the next one out.
HOLD = "SELECT id FROM protocol WHERE id = $1 FOR SHARE"
MEMBERS = "SELECT * FROM delegation_members($1) ORDER BY practitioner_id"

# Who delegates a visit: the patient's own physician if he may, else one who is there that day, else any.
# $1 appointment, $2 protocol or null (no longer under one), $3 local day, $4 patient, $5 site, $6 version.
DELEGATE = """
WITH chosen AS (
    SELECT m.practitioner_id FROM delegation_members($2) m
    WHERE m.profession = 'physician' AND m.first_day <= $3::date AND (m.last_day IS NULL OR m.last_day >= $3)
    ORDER BY EXISTS (SELECT FROM patient p WHERE p.id = $4 AND p.referring_practitioner_id = m.practitioner_id) DESC,
             EXISTS (SELECT FROM availability a
                     WHERE a.practitioner_id = m.practitioner_id AND a.site_id = $5 AND a.local_date = $3
                       AND NOT a.closed @> a.during) DESC,
             m.practitioner_id
    LIMIT 1
), written AS (
    UPDATE appointment SET protocol_id = $2, delegating_physician_id = (SELECT practitioner_id FROM chosen)
    WHERE id = $1
), told AS (
    UPDATE appointment_change SET delegating_physician_id = (SELECT practitioner_id FROM chosen)
    WHERE appointment_id = $1 AND version = $6
)
SELECT practitioner_id FROM chosen
"""

_ROW = """
SELECT p.*,
       (SELECT count(*) FROM visit_reason r WHERE r.protocol_id = p.id AND r.active) AS reasons,
       (SELECT count(*) FROM appointment a
        WHERE a.protocol_id = p.id AND a.conflict = 'protocol' AND a.status IN ('pending', 'booked')
          AND upper(a.during) > $1) AS conflicts,
       coalesce((SELECT jsonb_agg(to_jsonb(m) ORDER BY m.practitioner_id) FROM protocol_member m
                 WHERE m.protocol_id = p.id), '[]') AS members
FROM protocol p
"""
ONE = _ROW + "WHERE p.id = $2"
LIST = (
    _ROW
    + """
WHERE (p.active OR $2::boolean) AND ($3::text IS NULL OR (p.title, p.id) > ($3, $4::uuid))
ORDER BY p.title, p.id LIMIT $5
"""
)
LOCK = "SELECT * FROM protocol WHERE id = $1 FOR UPDATE"

# The visits to come of a protocol, locked before it as a move does; and once it is locked, which nurses have some.
LOCK_VISITS = """
SELECT id FROM appointment
WHERE protocol_id = $1 AND status IN ('pending', 'booked') AND upper(during) > $2
ORDER BY id FOR NO KEY UPDATE
"""
NURSES = """
SELECT DISTINCT practitioner_id FROM appointment
WHERE protocol_id = $1 AND status IN ('pending', 'booked') AND upper(during) > $2
ORDER BY practitioner_id
"""
# The nurses with visits in conflict with the protocol, and from when until when.
HIT = """
SELECT practitioner_id, array_agg(id) AS ids, min(lower(during)) AS start, max(upper(during)) AS end FROM appointment
WHERE protocol_id = $1 AND conflict = 'protocol' AND status IN ('pending', 'booked') AND upper(during) > $2
GROUP BY practitioner_id ORDER BY practitioner_id
"""

INSERT = """
INSERT INTO protocol (id, organisation_id, title, reference, valid_from, valid_to, active)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
UPDATE = """
UPDATE protocol SET title = $2, reference = $3, valid_from = $4, valid_to = $5, active = $6, version = version + 1
WHERE id = $1
"""
# $1 protocol, $2 organisation, then one array per column.
SET_MEMBERS = """
WITH wanted AS (
    SELECT * FROM unnest($3::uuid[], $4::text[], $5::date[], $6::date[], $7::date[])
        AS w (practitioner_id, profession, trained_on, first_day, last_day)
), gone AS (
    DELETE FROM protocol_member WHERE protocol_id = $1 AND practitioner_id <> ALL ($3)
)
INSERT INTO protocol_member (protocol_id, organisation_id, practitioner_id, profession, trained_on, first_day, last_day)
SELECT $1, $2, practitioner_id, profession, trained_on, first_day, last_day FROM wanted
ON CONFLICT (protocol_id, practitioner_id) DO UPDATE SET
    (profession, trained_on, first_day, last_day)
        = ROW (excluded.profession, excluded.trained_on, excluded.first_day, excluded.last_day)
"""
# Those of the organisation who have the profession that they are named for.
KNOWN = """
SELECT w.id FROM unnest($2::uuid[], $3::text[]) AS m (id, profession)
JOIN practitioner w ON w.id = m.id AND w.organisation_id = $1 AND w.profession = m.profession
"""
OF_ORGANISATION = "SELECT id FROM protocol WHERE id = $1 AND organisation_id = $2 AND active FOR SHARE"

"""SQL of the copies. A fact older than the stored one changes nothing."""

PUT_PERSON = """
INSERT INTO person_ref AS r (person_id, organisation_id, display_name, status, epoch) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person_id) DO UPDATE SET display_name = excluded.display_name, status = excluded.status,
    epoch = excluded.epoch
WHERE r.epoch <= excluded.epoch
"""
PUT_MEMBERSHIP = """
INSERT INTO membership_ref AS r (membership_id, organisation_id, person_id, role, valid_from, valid_to, sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (membership_id) DO UPDATE SET role = excluded.role, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, sequence = excluded.sequence
WHERE r.sequence < excluded.sequence
"""
PUT_ORGANISATION = """
INSERT INTO organisation_ref AS r (id, organisation_id, kind, name, active, sequence) VALUES ($1, $1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, active = excluded.active,
    sequence = excluded.sequence
WHERE r.sequence < excluded.sequence
"""
PUT_DELEGATION = """
INSERT INTO delegation_ref AS r (delegation_id, organisation_id, provider_id, valid_from, valid_to, sequence)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (delegation_id) DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to,
    sequence = excluded.sequence
WHERE r.sequence < excluded.sequence
"""
HOLDS_ROLE = """
SELECT EXISTS (
    SELECT FROM membership_ref m LEFT JOIN person_ref p ON p.person_id = m.person_id
    WHERE m.person_id = $1 AND m.organisation_id = $2 AND m.role = ANY ($3::text[])
      AND m.valid_from <= $4 AND (m.valid_to IS NULL OR m.valid_to > $4) AND coalesce(p.status, 'active') = 'active')
"""
HOLDERS = """
SELECT DISTINCT p.person_id AS id, p.display_name AS name
FROM membership_ref m JOIN person_ref p ON p.person_id = m.person_id
WHERE m.organisation_id = $1 AND m.role = ANY ($2::text[]) AND p.status = 'active'
  AND m.valid_from <= $3 AND (m.valid_to IS NULL OR m.valid_to > $3) ORDER BY name, id
"""

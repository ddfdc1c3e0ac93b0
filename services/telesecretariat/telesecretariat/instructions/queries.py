"""SQL of instructions and displays."""

_VERSION = """v.id, v.instruction_id, v.number, v.state, v.text, v.allowed, v.forbidden, v.urgent_contacts, v.absence,
       lower(v.validity) AS valid_from, upper(v.validity) AS valid_to, v.author_id, v.validator_id, v.published_at,
       v.withdrawn_at, v.version"""

INSTRUCTIONS = """
SELECT id, client_id, scope, scope_id, motive, channel, windows FROM instruction
WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::text IS NULL OR scope = $2)
  AND ($3::uuid IS NULL OR scope_id = $3)
ORDER BY client_id, scope, scope_id, motive NULLS FIRST
"""
INSTRUCTION = "SELECT * FROM instruction WHERE id = $1"
LOCK = "SELECT * FROM instruction WHERE id = $1 FOR NO KEY UPDATE"
ALL_VERSIONS = (
    """
SELECT """
    + _VERSION
    + """
FROM instruction_version v WHERE v.instruction_id = ANY ($1::uuid[]) ORDER BY v.number DESC
"""
)
# Drafts, and what is or will be valid.
LIVING_VERSIONS = (
    """
SELECT """
    + _VERSION
    + """
FROM instruction_version v
WHERE v.instruction_id = ANY ($1::uuid[])
  AND (v.state = 'draft' OR (v.state = 'published' AND coalesce(upper(v.validity), 'infinity') > $2))
ORDER BY v.number DESC
"""
)
VERSION = (
    """
SELECT """
    + _VERSION
    + """
FROM instruction_version v WHERE v.id = $1 AND v.instruction_id = $2
"""
)
VERSION_OF_NUMBER = (
    """
SELECT """
    + _VERSION
    + """
FROM instruction_version v WHERE v.instruction_id = $1 AND v.number = $2
"""
)
# The organisation of a client, and whether site, practitioner and motive are of it; null asks nothing.
KNOWN = """
SELECT c.organisation_id,
       $2::uuid IS NULL OR EXISTS (SELECT FROM site_ref s
           WHERE s.site_id = $2 AND s.organisation_id = c.organisation_id) AS site,
       $3::uuid IS NULL OR EXISTS (SELECT FROM practitioner_ref p
           WHERE p.practitioner_id = $3 AND p.organisation_id = c.organisation_id) AS practitioner,
       $4::text IS NULL OR EXISTS (SELECT FROM catalogue_entry e
           WHERE e.organisation_id = c.organisation_id AND e.kind = 'motive' AND e.code = $4 AND e.active) AS motive,
       coalesce((SELECT s.timezone FROM site_ref s WHERE s.site_id = $2),
                (SELECT l.time_zone FROM line l WHERE l.client_id = c.id ORDER BY l.created_at LIMIT 1),
                'Europe/Paris') AS time_zone
FROM client c WHERE c.id = $1 AND (kit_role() IS NULL OR c.id = ANY (reached_clients()))
"""
ADD = """
INSERT INTO instruction (id, organisation_id, client_id, scope, scope_id, motive, channel, windows, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (client_id, scope, scope_id, motive) DO NOTHING RETURNING id
"""
SAME = """
SELECT id FROM instruction
WHERE client_id = $1 AND scope = $2 AND scope_id = $3 AND motive IS NOT DISTINCT FROM $4
"""
ADD_VERSION = """
INSERT INTO instruction_version (id, organisation_id, client_id, instruction_id, number, text, allowed, forbidden,
    urgent_contacts, absence, validity, author_id, created_at)
SELECT $1, i.organisation_id, i.client_id, i.id,
       1 + (SELECT coalesce(max(v.number), 0) FROM instruction_version v WHERE v.instruction_id = i.id),
       $3, $4, $5, $6, $7, tstzrange($8, $9), $10, $11
FROM instruction i WHERE i.id = $2
"""
CHANGE_DRAFT = """
UPDATE instruction_version SET text = $2, allowed = $3, forbidden = $4, urgent_contacts = $5, absence = $6,
    validity = tstzrange($7, $8), version = version + 1
WHERE id = $1
"""
# Those that are under way when the new one begins; one that begins later stands in its way.
END_PREVIOUS = """
UPDATE instruction_version SET validity = tstzrange(lower(validity), $2), version = version + 1
WHERE instruction_id = $1 AND state = 'published' AND validity @> $2::timestamptz AND lower(validity) < $2
"""
PUBLISH = """
UPDATE instruction_version SET state = 'published', validator_id = $2, published_at = $3,
    validity = tstzrange($4, upper(validity)), version = version + 1
WHERE id = $1
"""
WITHDRAW = """
UPDATE instruction_version SET state = 'withdrawn', withdrawn_at = $2, version = version + 1 WHERE id = $1
"""
# The practitioners that the caller is, by his RPPS number.
PRACTITIONER_SELF = """
SELECT r.practitioner_id, r.profession FROM person_ref p JOIN practitioner_ref r ON r.rpps = p.rpps
WHERE p.person_id = $1 AND r.organisation_id = $2 AND r.active
"""
PRACTITIONER = """
SELECT practitioner_id FROM practitioner_ref WHERE practitioner_id = $1 AND organisation_id = $2 AND active
"""
READINGS = """
SELECT a.agent_id, g.label, r.acknowledged_at
FROM (SELECT DISTINCT agent_id FROM agent_assignment WHERE client_id = $2 AND during @> $3::timestamptz) a
LEFT JOIN agent g ON g.id = a.agent_id
LEFT JOIN instruction_reading r ON r.agent_id = a.agent_id AND r.version_id = $1
ORDER BY r.acknowledged_at NULLS FIRST, g.label, a.agent_id
"""

# At most one version per instruction: the one already shown in this call ($6), else what was in force at $5.
IN_FORCE = """
SELECT DISTINCT ON (i.id) v.id, i.scope, i.motive, i.windows, v.text, v.allowed, v.forbidden, v.urgent_contacts,
       v.absence, upper(v.validity) AS valid_until, v.id = ANY ($6::uuid[]) AS shown
FROM instruction i JOIN instruction_version v ON v.instruction_id = i.id
WHERE i.client_id = $1
  AND (i.scope = 'client' OR (i.scope = 'site' AND i.scope_id = $2)
       OR (i.scope = 'practitioner' AND i.scope_id = $3))
  AND (i.motive IS NULL OR i.motive = $4)
  AND (v.id = ANY ($6::uuid[])
       OR (v.state <> 'draft' AND v.published_at <= $5 AND v.validity @> $5::timestamptz
           AND (v.withdrawn_at IS NULL OR v.withdrawn_at > $5)))
ORDER BY i.id, shown DESC, v.published_at DESC
"""
# What one call has shown already, and until when the practitioner is away.
BEFORE = """
SELECT ARRAY(SELECT DISTINCT unnest(d.version_ids) FROM instruction_display d WHERE d.call_id = $1) AS shown,
       (SELECT max(upper(a.during)) FROM absence_ref a
        WHERE a.practitioner_id = $2 AND a.during @> $3::timestamptz AND a.state = 'active') AS away_until
"""
# The same words to the same agent in the same call are one display.
DISPLAYED = """
SELECT id, displayed_at FROM instruction_display
WHERE call_id = $1 AND agent_id = $2 AND content_hash = $3 ORDER BY displayed_at LIMIT 1
"""
UNREAD = """
SELECT ARRAY(SELECT v FROM unnest($2::uuid[]) AS v
             WHERE NOT EXISTS (SELECT FROM instruction_reading r WHERE r.agent_id = $1 AND r.version_id = v)) AS unread
"""
DISPLAY = """
INSERT INTO instruction_display (id, organisation_id, client_id, call_id, agent_id, version_ids, content_hash, facts,
    must_acknowledge, displayed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
SHOWN_THEN = "SELECT * FROM instruction_display WHERE id = $1"
LOCK_DISPLAY = "SELECT * FROM instruction_display WHERE id = $1 FOR NO KEY UPDATE"
VERSIONS_THEN = """
SELECT v.id, i.scope, i.motive, v.text, v.allowed, v.forbidden, v.urgent_contacts, v.absence,
       upper(v.validity) AS valid_until
FROM instruction_version v JOIN instruction i ON i.id = v.instruction_id WHERE v.id = ANY ($1::uuid[])
"""
ACKNOWLEDGE = """
WITH read AS (
    INSERT INTO instruction_reading (agent_id, version_id, organisation_id, acknowledged_at)
    SELECT d.agent_id, v, d.organisation_id, $2 FROM instruction_display d, unnest(d.must_acknowledge) AS v
    WHERE d.id = $1 ON CONFLICT DO NOTHING
)
UPDATE instruction_display SET acknowledged_at = coalesce(acknowledged_at, $2) WHERE id = $1
"""
UNACKNOWLEDGED = """
SELECT d.id FROM instruction_display d
WHERE d.call_id = $1 AND d.agent_id = $2 AND EXISTS (
    SELECT FROM unnest(d.must_acknowledge) AS v
    WHERE NOT EXISTS (SELECT FROM instruction_reading r WHERE r.agent_id = d.agent_id AND r.version_id = v))
ORDER BY d.displayed_at LIMIT 1
"""
# Which versions are behind the words of a display.
SHOWN_VERSIONS = """
SELECT v.id, i.scope, i.motive, v.number, v.published_at
FROM instruction_version v JOIN instruction i ON i.id = v.instruction_id
WHERE v.id = ANY ($1::uuid[]) ORDER BY v.published_at DESC, v.id
"""
# What is new to an agent before any call shows it; the desk counts the same.
UNREAD_NOW = """
SELECT v.instruction_id, v.id AS version_id, v.client_id, i.scope, i.scope_id, i.motive, v.number, v.text,
       coalesce(v.allowed, '{}') AS allowed, v.forbidden, v.published_at, upper(v.validity) AS valid_to
FROM instruction_version v JOIN instruction i ON i.id = v.instruction_id
WHERE v.state = 'published' AND v.validity @> $2::timestamptz
  AND NOT EXISTS (SELECT FROM instruction_reading r WHERE r.agent_id = $1 AND r.version_id = v.id)
ORDER BY v.published_at DESC, v.id LIMIT 200
"""
READ_NOW = """
INSERT INTO instruction_reading (agent_id, version_id, organisation_id, acknowledged_at)
SELECT $1, v.id, v.organisation_id, $4 FROM instruction_version v
WHERE v.id = $2 AND v.instruction_id = $3 AND v.state <> 'draft'
ON CONFLICT DO NOTHING
"""

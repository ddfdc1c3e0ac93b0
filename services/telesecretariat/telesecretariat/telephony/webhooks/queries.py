"""SQL of what telephone systems tell by webhook."""

DOOR = "SELECT id, settings, secrets_sealed FROM telephony_adapter WHERE id = $1 AND kind = 'webhook'"
# A system that only tells is up when it has told something.
HEARD = "UPDATE telephony_adapter SET state = 'up', since = $2 WHERE id = $1 AND state = 'down'"
AGENT_NAMED = """
SELECT a.id, CASE WHEN a.device_address = ANY ($2) THEN a.device_address ELSE a.label END AS name
FROM agent a JOIN client c ON c.provider_id = a.organisation_id JOIN line l ON l.client_id = c.id
WHERE l.adapter_id = $1 AND a.active AND (a.device_address = ANY ($2) OR a.label = ANY ($2))
ORDER BY (a.device_address = ANY ($2)) DESC, a.id LIMIT 1
"""
MOTIVE = """
SELECT code FROM catalogue_entry WHERE organisation_id = $1 AND kind = 'motive' AND code = $2 AND active
"""

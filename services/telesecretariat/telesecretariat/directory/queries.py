"""SQL of the directory's copies. A fact older than the stored one changes nothing."""

PUT_SITE = """
INSERT INTO site_ref AS r (site_id, organisation_id, name, finess, insee_code, timezone, active, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (site_id) DO UPDATE SET name = excluded.name, finess = excluded.finess, insee_code = excluded.insee_code,
    timezone = excluded.timezone, active = excluded.active, version = excluded.version
WHERE r.version < excluded.version
"""
PUT_PRACTITIONER = """
INSERT INTO practitioner_ref AS r
    (practitioner_id, organisation_id, rpps, profession, display_name, site_ids, active, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (practitioner_id) DO UPDATE SET rpps = excluded.rpps, profession = excluded.profession,
    display_name = excluded.display_name,
    site_ids = excluded.site_ids, active = excluded.active, version = excluded.version
WHERE r.version < excluded.version
"""
_REACHED = "(kit_role() IS NULL OR organisation_id = ANY ((SELECT reached_centres())::uuid[]))"
SITES = f"""
SELECT site_id, name, finess, insee_code, timezone, active, version
FROM site_ref WHERE active AND {_REACHED} ORDER BY name, site_id
"""
PRACTITIONERS = f"""
SELECT practitioner_id, profession, display_name, site_ids, active, version
FROM practitioner_ref WHERE active AND {_REACHED} ORDER BY display_name, practitioner_id
"""

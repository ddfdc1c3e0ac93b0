"""SQL of compositions and their versions."""

from typing import Final

ADOPTED: Final = (
    ", (SELECT v.id FROM composition_version v WHERE v.composition_id = t.id AND v.state = 'adopted')"
    " AS adopted_version_id"
)
VERSION = "SELECT * FROM composition_version WHERE id = $1"
LOCK_VERSION = "SELECT * FROM composition_version WHERE id = $1 FOR NO KEY UPDATE"
LOCK_COMPOSITION = "SELECT * FROM composition WHERE id = $1 FOR NO KEY UPDATE"
VERSIONS = """
SELECT * FROM composition_version WHERE composition_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""
LINES = "SELECT * FROM composition_line WHERE version_id = ANY ($1::uuid[]) ORDER BY version_id, position"
NEXT = "SELECT coalesce(max(no), 0) + 1 FROM composition_version WHERE composition_id = $1"
DRAFT = "SELECT id FROM composition_version WHERE composition_id = $1 AND state = 'draft'"
ADD_VERSION = """
INSERT INTO composition_version (id, organisation_id, composition_id, no, wash_programme, programme, packaging_ids,
                                 prion_class, uo_category, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
CHANGE_VERSION = """
UPDATE composition_version SET wash_programme = $2, programme = $3, packaging_ids = $4, prion_class = $5,
       uo_category = $6, version = version + 1
WHERE id = $1
"""
FORGET_LINES = "DELETE FROM composition_line WHERE version_id = $1"
ADD_LINE = """
INSERT INTO composition_line (id, organisation_id, version_id, position, model_id, quantity, mode, critical, photo_ref)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
MODELS = "SELECT * FROM instrument_model WHERE id = ANY ($1::uuid[]) ORDER BY id FOR SHARE"
# $1: group, $2: code, $3: kinds.
VALID = """
SELECT true FROM programme WHERE group_id = $1 AND code = $2 AND kind = ANY ($3::text[]) AND valid @> $4::timestamptz
   AND retired_at IS NULL
"""
SUPERSEDE = """
UPDATE composition_version SET state = 'superseded', version = version + 1
WHERE composition_id = $1 AND state = 'adopted'
"""
ADOPT = """
UPDATE composition_version SET state = 'adopted', adopted_by = $2, adopted_at = $3, version = version + 1 WHERE id = $1
"""
LOCK_SETS = "SELECT * FROM instrument_set WHERE composition_id = $1 ORDER BY id FOR NO KEY UPDATE"

"""SQL of recalls."""

LOCK_OPEN_OF = """
SELECT * FROM recall_line WHERE subject_id = ANY ($1::uuid[]) AND ended IS NULL ORDER BY id FOR NO KEY UPDATE
"""
LEFT_OF = """
SELECT count(*) FROM recall_line WHERE recall_id = $1 AND organisation_id = $2 AND ended IS NULL
"""

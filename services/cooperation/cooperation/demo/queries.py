"""SQL of the demonstration: rows that a group enters over months. Tables and columns are named in `loading.py`."""

from cooperation.members.queries import adding

LOADED = "SELECT true FROM cooperation_group WHERE id = $1"
ADOPT = """
UPDATE composition_version SET state = 'adopted', adopted_by = $2, adopted_at = $3 WHERE id = ANY ($1::uuid[])
"""
add = adding

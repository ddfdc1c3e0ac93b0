"""SQL of the trace. A change and its entry are one statement: neither is there without the other."""

from functools import cache

_ENTRY = """
INSERT INTO trace_entry (id, organisation_id, kind, subject_kind, subject_id, subject_version, occurred_at, recorded_at,
                         actor, person_id, role, device_id, data, corrects, digest)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
"""
ENTRY_VALUES = 15


@cache
def adding(table: str, columns: tuple[str, ...]) -> str:
    """Inserts a row of a table of ours and its first entry. Columns are the fields of our own classes."""
    places = ", ".join(f"${ENTRY_VALUES + place}" for place in range(1, len(columns) + 1))
    names = ", ".join(columns)
    inserted = f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id"
    return f"WITH added AS ({inserted}) {_ENTRY} FROM added RETURNING seq"


@cache
def changing(table: str, columns: tuple[str, ...]) -> str:
    """Sets columns of the row in the version that was read, and adds the entry; no row back: another was faster."""
    sets = ", ".join(f"{name} = ${ENTRY_VALUES + 1 + place}" for place, name in enumerate(columns, start=1))
    return (
        f"WITH changed AS (UPDATE {table} SET {sets} WHERE id = $5 AND version = ${ENTRY_VALUES + 1} RETURNING id)"
        f" {_ENTRY} FROM changed RETURNING seq"
    )


NOTING = f"{_ENTRY} RETURNING seq"

"""SQL of the trace. A change and its entry are one statement: neither is there without the other."""

from functools import cache

ENTRY_VALUES = 15


def _entry(first: int = 1) -> str:
    values = ", ".join(f"${first + place}" for place in range(ENTRY_VALUES))
    return f"""
INSERT INTO trace_entry (id, organisation_id, kind, subject_kind, subject_id, subject_version, occurred_at, recorded_at,
                         actor, person_id, role, device_id, data, corrects, digest)
SELECT {values}
"""


_ENTRY = _entry()
VARYING = frozenset({0, 1, 4, 5, 6, 12, 14})
"""What differs between entries of one act on many rows, by place: id, organisation, subject, version, instant, data,
digest."""
DATA = 12
_ENTRIES = """
INSERT INTO trace_entry (id, organisation_id, kind, subject_kind, subject_id, subject_version, occurred_at, recorded_at,
                         actor, person_id, role, device_id, data, corrects, digest)
SELECT e.id, e.organisation_id, $3, $4, e.subject_id, e.subject_version, e.occurred_at, $8, $9, $10, $11, $12,
       e.data::jsonb, $14, e.digest
FROM unnest($1::uuid[], $2::uuid[], $5::uuid[], $6::integer[], $7::timestamptz[], $13::text[], $15::bytea[])
     WITH ORDINALITY AS e (id, organisation_id, subject_id, subject_version, occurred_at, data, digest, place)
"""


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


@cache
def succeeding(table: str, changed: tuple[str, ...], columns: tuple[str, ...]) -> str:
    """As `changing` one row and `adding` the one that follows it, which is there only when the first has changed. Each
    step reads the one before it, and so comes after it."""
    first = ENTRY_VALUES + 1
    sets = ", ".join(f"{name} = ${first + place}" for place, name in enumerate(changed, start=1))
    new = first + len(changed)
    values = ", ".join(f"${new + place}" for place in range(1, len(columns) + 1))
    return (
        f"WITH changed AS (UPDATE {table} SET {sets} WHERE id = $5 AND version = ${first} RETURNING id),"
        f" ended AS ({_ENTRY} FROM changed RETURNING seq),"
        f" added AS (INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM ended RETURNING id)"
        f" {_entry(new + len(columns) + 1)} FROM added RETURNING seq"
    )


@cache
def adding_many(table: str, columns: tuple[str, ...]) -> str:
    """As `adding`, for many rows given whole as JSON: they are read as the fold of their entries is."""
    names = ", ".join(columns)
    rows = f"SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, ${ENTRY_VALUES + 1})"
    return (
        f"WITH added AS (INSERT INTO {table} ({names}) {rows} RETURNING id)"
        f" {_ENTRIES} JOIN added ON added.id = e.subject_id ORDER BY e.place RETURNING seq"
    )


@cache
def changing_many(table: str, columns: tuple[str, ...]) -> str:
    """As `changing`, for many rows given whole as JSON in their new version."""
    sets = ", ".join(f"{name} = given.{name}" for name in columns)
    return (
        f"WITH changed AS (UPDATE {table} SET {sets}"
        f" FROM jsonb_populate_recordset(NULL::{table}, ${ENTRY_VALUES + 1}) given"
        f" WHERE {table}.id = given.id AND {table}.version = given.version - 1 RETURNING {table}.id)"
        f" {_ENTRIES} JOIN changed ON changed.id = e.subject_id ORDER BY e.place RETURNING seq"
    )


NOTING = f"{_ENTRY} RETURNING seq"

OF_SUBJECTS = """
SELECT e.* FROM trace_entry e WHERE e.subject_id = ANY ($1::uuid[]) ORDER BY e.seq
"""
OF_SUBJECT = """
SELECT e.* FROM trace_entry e WHERE e.subject_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3
"""
ONE = "SELECT e.* FROM trace_entry e WHERE e.id = $1"
VISIBLE_RUNS = "SELECT id FROM run WHERE id = ANY ($1::uuid[])"
LAST_OF_SUBJECT = "SELECT e.* FROM trace_entry e WHERE e.subject_id = $1 ORDER BY e.seq DESC LIMIT 1"
NEXT_OF_SUBJECT = "SELECT e.id FROM trace_entry e WHERE e.subject_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT 1"
LOAD_OF = "SELECT load_id FROM load_run WHERE id = $1"
IN_A_LOAD = "SELECT EXISTS (SELECT FROM load_run WHERE run_id = $1 AND removed_at IS NULL AND NOT ended)"


@cache
def locking(table: str) -> str:
    """One row of a table of ours, locked."""
    return f"SELECT * FROM {table} WHERE id = $1 FOR NO KEY UPDATE"


@cache
def before(table: str) -> str:
    """The row as it was before the entry `seq` $2: its earlier entries, folded."""
    return f"""
    SELECT (jsonb_populate_record(NULL::{table}, folded)).* FROM (
        SELECT jsonb_fold(e.data -> 'row' ORDER BY e.seq) AS folded FROM trace_entry e
        WHERE e.subject_id = $1 AND e.seq < $2) earlier
    """


MAKE_PARTITION = "SELECT make_trace_partition($1)"
# Lines of the audit that tell of an entry: {"entry":"<id>","sha256":"<digest>"}.
_TOLD = """
SELECT a.record_id, substr(a.facts, 11, 36) AS entry, substr(a.facts, 59, 64) AS digest FROM kit.audit a
WHERE a.facts LIKE '{"entry":"________-____-____-____-____________","sha256":"%'
"""
HOURS = """
SELECT date_trunc('hour', e.recorded_at) AS hour FROM trace_entry e
UNION SELECT date_trunc('hour', a.at) FROM kit.audit a WHERE a.facts LIKE '{"entry":"%' ORDER BY 1
"""
# An entry and its line in the audit have the same instant, so that they are looked up hour by hour.
OF_HOUR = f"""
SELECT e.id, e.organisation_id, e.kind, e.subject_kind, e.subject_id, e.subject_version, e.occurred_at, e.recorded_at,
       e.actor, e.person_id, e.role, e.device_id, e.data, e.corrects, e.digest,
       t.digest AS told, t.entry, t.record_id
FROM (SELECT * FROM trace_entry WHERE recorded_at >= $1 AND recorded_at < $1 + interval '1 hour') e
FULL JOIN ({_TOLD} AND a.at >= $1 AND a.at < $1 + interval '1 hour') t ON t.entry = e.id::text
"""
COUNT = "SELECT count(*) FROM trace_entry"
DIFFERENCES = "SELECT id, detail FROM trace_differences($1, $2::text::regclass) ORDER BY id"

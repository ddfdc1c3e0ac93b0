"""SQL of the group, its members, and of reference rows.

Reference tables are alike: `id`, `organisation_id`, `version`, `created_at`, `retired_at`. Their statements are made
from names in our own code (`members/collections.py`), never from what a caller sends.
"""

from functools import cache
from typing import Final

GROUP = "SELECT id, gs1_prefix, time_zone, parameters FROM cooperation_group WHERE id = $1"
OWN_GROUP = """
SELECT id FROM cooperation_group WHERE id = $1
UNION ALL SELECT group_id FROM member WHERE id = $1 LIMIT 1
"""
MEMBER_OF = "SELECT true FROM member WHERE id = $1"
GROUP_ROW = "SELECT * FROM cooperation_group WHERE id = $1"
LOCK_GROUP = "SELECT * FROM cooperation_group WHERE id = $1 FOR NO KEY UPDATE"
ADD_GROUP = """
INSERT INTO cooperation_group (id, organisation_id, name, gs1_prefix, time_zone, parameters, created_at)
VALUES ($1, $1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING *
"""
CHANGE_GROUP = """
UPDATE cooperation_group SET name = $2, time_zone = $3, parameters = $4, version = version + 1
WHERE id = $1 RETURNING *
"""
IS_MEMBER = "SELECT true FROM member WHERE id = $1 AND group_id = $2 AND retired_at IS NULL"
RELEASERS = ["sterilisation_releaser"]
END_PROGRAMME = """
UPDATE programme SET valid = tstzrange(lower(valid), $3), version = version + 1
WHERE group_id = $1 AND code = $2 AND upper_inf(valid) AND lower(valid) < $3 AND retired_at IS NULL
"""
NEXT_PROGRAMME = "SELECT coalesce(max(no), 0) + 1 FROM programme WHERE group_id = $1 AND code = $2"
MARK_OF_SET = "SELECT true FROM instrument_set WHERE tag = $1"
MARK_OF_CRATE = "SELECT true FROM crate WHERE tag = $1"
ADD_PLACE = """
INSERT INTO place (id, organisation_id, group_id, name, kind, cleanliness, code, created_at)
VALUES ($1, $2, $2, $3, $4, $5, $1::uuid::text, $6)
"""
RENAME_PLACE = "UPDATE place SET name = $2, version = version + 1 WHERE id = $1 AND name <> $2"
RETIRE_PLACE = "UPDATE place SET retired_at = $2, version = version + 1 WHERE id = $1"

VALIDITY: Final = ", lower(valid) AS valid_from, upper(valid) AS valid_to"
PLACE_NAME: Final = ", (SELECT p.name FROM place p WHERE p.id = t.id) AS name"

_STANDS_ON: Final = {
    "member": "SELECT FROM instrument_set s WHERE s.organisation_id = $1 AND s.status = 'in_service'",
    "site": "SELECT FROM place p WHERE p.site_id = $1 AND p.retired_at IS NULL"
    " UNION ALL SELECT FROM machine m WHERE m.site_id = $1 AND m.retired_at IS NULL",
    "place": "SELECT FROM station s WHERE s.place_id = $1 AND s.retired_at IS NULL"
    " UNION ALL SELECT FROM custody c WHERE c.place_id = $1 AND c.until IS NULL",
    "station": "SELECT FROM device d WHERE d.station_id = $1 AND d.retired_at IS NULL",
    "machine": "SELECT FROM station s WHERE s.machine_id = $1 AND s.retired_at IS NULL"
    " UNION ALL SELECT FROM load l WHERE l.machine_id = $1 AND l.decided_at IS NULL",
    "instrument_model": "SELECT FROM instrument i WHERE i.model_id = $1 AND i.status <> 'retired'"
    " UNION ALL SELECT FROM composition_line l JOIN composition_version v ON v.id = l.version_id"
    " WHERE l.model_id = $1 AND v.state <> 'superseded'",
    "packaging": "SELECT FROM composition_version v WHERE $1 = ANY (v.packaging_ids) AND v.state <> 'superseded'",
    "programme": "SELECT FROM programme p JOIN composition_version v ON p.code IN (v.wash_programme, v.programme)"
    " WHERE p.id = $1 AND v.state = 'adopted' AND p.valid @> kit_now()"
    " UNION ALL SELECT FROM load l WHERE l.programme_id = $1 AND l.decided_at IS NULL",
    "composition": "SELECT FROM instrument_set s WHERE s.composition_id = $1 AND s.status = 'in_service'",
    "vehicle": "SELECT FROM compartment c WHERE c.vehicle_id = $1 AND c.retired_at IS NULL",
    "compartment": "SELECT FROM custody c WHERE c.place_id = $1 AND c.until IS NULL",
    "crate": "SELECT FROM custody c WHERE c.place_id = $1 AND c.until IS NULL",
    "flow": "SELECT FROM item i WHERE i.flow_id = $1 AND i.retired_at IS NULL"
    " UNION ALL SELECT FROM flow_order o WHERE o.flow_id = $1 AND o.state NOT IN ('closed', 'declined', 'cancelled')",
    "item": "SELECT FROM order_line l JOIN flow_order o ON o.id = l.order_id WHERE l.item_id = $1"
    " AND o.state NOT IN ('closed', 'declined', 'cancelled')",
}


@cache
def stands_on(table: str) -> str | None:
    """Whether anything alive stands on the row $1; None for tables that nothing stands on."""
    found = _STANDS_ON.get(table)
    return None if found is None else f"SELECT EXISTS ({found})"


@cache
def listing(table: str, also: str, of: str) -> str:
    """By id after $1; of one parent $2, or all; with those retired when $3; at most $4."""
    return (
        f"SELECT t.*{also} FROM {table} t WHERE ($1::uuid IS NULL OR t.id > $1) AND ($2::uuid IS NULL OR t.{of} = $2)"
        " AND ($3 OR t.retired_at IS NULL) ORDER BY t.id LIMIT $4"
    )


@cache
def one(table: str, also: str) -> str:
    """The row $1."""
    return f"SELECT t.*{also} FROM {table} t WHERE t.id = $1"


@cache
def locking(table: str) -> str:
    """The row $1, locked against all who name it."""
    return f"SELECT * FROM {table} WHERE id = $1 FOR UPDATE"


@cache
def referring(table: str) -> str:
    """The rows $1 that are alive, kept from being retired until the end of the transaction."""
    return f"SELECT * FROM {table} WHERE id = ANY ($1::uuid[]) AND retired_at IS NULL ORDER BY id FOR KEY SHARE"


@cache
def adding(table: str, columns: tuple[str, ...]) -> str:
    """Inserts one row."""
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"


@cache
def changing(table: str, columns: tuple[str, ...]) -> str:
    """Sets columns of the row $1."""
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    return f"UPDATE {table} SET {sets}, version = version + 1 WHERE id = $1"

"""Whether a service's base changed: the number and the content of the rows of each table."""

from collections.abc import Mapping
from typing import Final

import asyncpg

_TABLES: Final = """
SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
KEPT_OF_REFUSALS: Final = frozenset({"kit.audit", "kit.audit_head", "kit.audit_block", "public.alembic_version"})
"""Refusals may leave a trace in the audit; nothing else."""
OF_THE_DOOR: Final = frozenset(
    {
        "public.session", "public.attempt", "public.visitor", "public.code", "public.code_budget", "public.signing_key",
        "public.known_device", "public.assertion", "public.sign_in_failure",
    }
)  # fmt: skip
"""What the door itself counts: attempts, tries, when somebody was last seen."""


class Watch:
    """One base, seen as superuser."""

    def __init__(self, url: str, besides: frozenset[str] = frozenset()) -> None:
        self._url, self._besides = url, KEPT_OF_REFUSALS | besides
        self._sql = ""

    async def rows(self) -> dict[str, tuple[int, str]]:
        """For each table how many rows it has, and what is in them."""
        connection = await asyncpg.connect(self._url)
        try:
            if not self._sql:
                names = [row["name"] for row in await connection.fetch(_TABLES) if row["name"] not in self._besides]
                self._sql = " UNION ALL ".join(_of(name) for name in names)
            return {row["name"]: (row["rows"], row["content"]) for row in await connection.fetch(self._sql)}
        finally:
            await connection.close()


def _of(name: str) -> str:
    return (
        f"SELECT '{name}' AS name, count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text "
        f"AS content FROM {name} t"
    )


def changed(before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]) -> list[str]:
    """The tables that are not as they were."""
    return sorted(name for name in after if after[name] != before.get(name))

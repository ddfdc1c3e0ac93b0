"""A plugin of pytest: `MUTANT=name python -m pytest -p tests.harness.mutants.loaded …` tests a product with that fault.

It is loaded before any test module, so that what is imported by its name is already the wrong one.
"""

import asyncpg

from maillage import migrate as migrations
from maillage.migrate import database_url, place_of
from tests.harness.mutants import MUTANTS, chosen

_name = chosen()
assert _name is not None, "say which: MUTANT=name"
_mutant = MUTANTS[_name]
_mutant.load(setattr)
_migrate = migrations.migrate


async def _migrated(admin_url: str, service: str, package: str, *, database: str | None = None) -> list[str]:
    """As the product migrates, and then what is other in this base."""
    applied = await _migrate(admin_url, service, package, database=database)
    if service == _mutant.service:
        connection = await asyncpg.connect(database_url(admin_url, place_of(service, database=database).database))
        try:
            await connection.execute(_mutant.sql)
        finally:
            await connection.close()
    return applied


setattr(migrations, "migrate", _migrated)  # noqa: B010 - so that it is no other function to the checker

"""One database and two roles per service; revisions are applied once, whole or not at all."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from maillage.embedded import Postgres
from maillage.migrate import MigrationFailed, create_databases, database_url, migrate, pending_sql
from maillage.testing import PASSWORD

FIRST = """
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.execute('''
        CREATE TABLE thing (id int PRIMARY KEY, note jsonb DEFAULT '{"at":":noon", "share":"100%"}');
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
        INSERT INTO thing VALUES (1)  -- a comment at the end
    ''')
"""
SECOND = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("ALTER TABLE thing ADD COLUMN more int")
"""
BROKEN = """
from alembic import op
revision, down_revision = "0003", "0002"
def upgrade():
    op.execute("CREATE TABLE half (id int); SELECT 1 / 0")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """A service package with one revision, importable under a name of its own."""
    name = f"s{abs(hash(request.node.nodeid)) % 10**9}"
    versions = tmp_path / name / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    (versions / "0001_first.py").write_text(FIRST)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


def _add(package: str, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / package / "migrations" / "versions" / f"{name}.py").write_text(text)


async def _urls(postgres: Postgres, *services: str) -> dict[str, str]:
    return await create_databases(postgres.url, services, lambda _role: PASSWORD)


async def test_three_migrators_at_once_apply_each_revision_once(postgres: Postgres, package: str) -> None:
    await _urls(postgres, package)
    applied = await asyncio.gather(*(migrate(postgres.url, package, package) for _ in range(3)))
    assert sorted(applied) == [[], [], ["0001"]]
    assert await migrate(postgres.url, package, package) == []


async def test_creating_twice_keeps_rows(postgres: Postgres, package: str) -> None:
    url = (await _urls(postgres, package))[package]
    await migrate(postgres.url, package, package)
    assert (await _urls(postgres, package))[package] == url
    connection = await asyncpg.connect(url)
    row = await connection.fetchrow("SELECT id, note->>'at' AS at, note->>'share' AS share, one() AS one FROM thing")
    await connection.close()
    assert row is not None
    assert dict(row) == {"id": 1, "at": ":noon", "share": "100%", "one": 1}


async def test_the_service_writes_rows_and_changes_no_table(postgres: Postgres, package: str) -> None:
    """Its login role owns nothing: no DROP, no CREATE, no change of the revision, no bypass of row-level security."""
    url = (await _urls(postgres, package))[package]
    await migrate(postgres.url, package, package)
    connection = await asyncpg.connect(url)
    assert await connection.execute("UPDATE thing SET id = 2") == "UPDATE 1"
    for forbidden in (
        "DROP TABLE thing",
        "ALTER TABLE thing DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE mine (id int)",
        "UPDATE alembic_version SET version_num = '0000'",
        f"SET ROLE {package}_owner",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    assert not await connection.fetchval("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
    await connection.close()


async def test_one_service_cannot_enter_the_other_s_database(postgres: Postgres, package: str) -> None:
    other = f"{package}b"
    urls = await _urls(postgres, package, other)
    for url in (database_url(urls[package], other), database_url(urls[other], package)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await asyncpg.connect(url)


async def test_a_broken_revision_leaves_nothing_and_names_itself(
    postgres: Postgres, package: str, tmp_path: Path
) -> None:
    url = (await _urls(postgres, package))[package]
    _add(package, tmp_path, "0002_second", SECOND)
    _add(package, tmp_path, "0003_broken", BROKEN)
    with pytest.raises(MigrationFailed, match=r"revision 0003: division by zero"):
        await migrate(postgres.url, package, package)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0002"
    assert await connection.fetchval("SELECT to_regclass('half')") is None
    await connection.close()


async def test_a_lock_is_not_queued_for(postgres: Postgres, package: str, tmp_path: Path) -> None:
    """While a long transaction holds the table, the revision gives up and asks again."""
    url = (await _urls(postgres, package))[package]
    await migrate(postgres.url, package, package)
    _add(package, tmp_path, "0002_second", SECOND)
    holder = await asyncpg.connect(url)
    transaction = holder.transaction()
    await transaction.start()
    await holder.fetch("SELECT * FROM thing")
    running = asyncio.create_task(migrate(postgres.url, package, package))
    done, _ = await asyncio.wait({running}, timeout=1.6)
    assert not done
    await transaction.commit()
    assert await running == ["0002"]
    await holder.close()


async def test_a_database_from_the_future_is_refused(postgres: Postgres, package: str, tmp_path: Path) -> None:
    """Code that is older than the database says so, and touches nothing."""
    await _urls(postgres, package)
    _add(package, tmp_path, "0002_second", SECOND)
    await migrate(postgres.url, package, package)
    (tmp_path / package / "migrations" / "versions" / "0002_second.py").unlink()
    with pytest.raises(MigrationFailed, match="at revision 0002, which this version of the code does not know"):
        await migrate(postgres.url, package, package)


async def test_sql_can_be_read_before_it_runs(postgres: Postgres, package: str) -> None:
    await _urls(postgres, package)
    assert "CREATE TABLE thing" in await pending_sql(postgres.url, package, package)
    await migrate(postgres.url, package, package)
    assert await pending_sql(postgres.url, package, package) == ""
    assert "CREATE TABLE thing" in await pending_sql(None, package, package)

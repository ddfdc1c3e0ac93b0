"""Databases, roles and migrations: one database, one owner role and one login role per service.

A service's revisions are Alembic files of raw SQL in `<package>/migrations/versions`. Alembic orders and renders them;
the SQL runs on asyncpg, one transaction per revision, as the owner role. So a revision may hold several statements in
one `op.execute`, and `maillage migrate --sql` shows exactly what would run.
"""

import asyncio
import importlib.util
import io
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
from alembic.config import Config
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError

_LOG = logging.getLogger(__name__)
_SERVICE_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_LOCK_TRIES = 10
_MIGRATORS = 0x6D61696C  # one advisory lock per database: two migrators take turns


class Place(NamedTuple):
    """Where a service keeps its rows. `owner` cannot log in: migrations become it; the service runs as `login`."""

    service: str
    database: str
    owner: str
    login: str


class MigrationFailed(RuntimeError):
    """A revision could not be applied; the message names it and what PostgreSQL said."""


class _PlainSql(PostgresqlImpl):
    """A string given to `op.execute` is SQL as it stands: a colon in it is no parameter."""

    __dialect__ = "postgresql"

    def execute(self, sql: Any, execution_options: Any = None) -> None:
        if isinstance(sql, str):
            self.static_output(f"{sql.strip()}\n;")
        else:
            super().execute(sql, execution_options)


def kit_sql(name: str) -> str:
    """The text of one of the kit's own scripts, for a service's revision: `op.execute(kit_sql("0001_kit"))`."""
    return (files("maillage") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def place_of(service: str, *, database: str | None = None) -> Place:
    """The names that belong to a service. Refuses (ValueError) what is not a plain lower-case word."""
    if not _SERVICE_NAME.fullmatch(service) or not _SERVICE_NAME.fullmatch(database or service):
        raise ValueError("a service's name is a plain lower-case word")
    return Place(service, database or service, f"{service}_owner", service)


def service_url(admin_url: str, place: Place, password: str) -> str:
    """The address a service connects to: the admin's server, its own database, login and password."""
    parts = urlsplit(admin_url)
    server = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{place.login}:{quote(password, safe='')}@{server}", path=place.database))


def database_url(admin_url: str, database: str) -> str:
    """The same server and user, another database."""
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


async def create_databases(
    admin_url: str, services: Iterable[str], password_of: Callable[[str], str]
) -> dict[str, str]:
    """Create what is missing of each service's roles and database; returns each service's URL. Repeating is harmless.

    The passwords are set anew each time, so that the secrets file is the truth.
    """
    places = [place_of(service) for service in services]
    admin = await asyncpg.connect(admin_url)
    try:
        for place in places:
            await _create_roles(admin, place, password_of(place.login))
            await _create_database(admin, place)
    finally:
        await admin.close()
    for place in places:
        await _grant(admin_url, place)
    return {place.service: service_url(admin_url, place, password_of(place.login)) for place in places}


async def _create_roles(admin: "asyncpg.Connection[Any]", place: Place, password: str) -> None:
    known = {row["rolname"] for row in await admin.fetch("SELECT rolname FROM pg_roles")}
    if place.owner not in known:
        await ddl(admin, "CREATE ROLE %I NOLOGIN", place.owner)
        await ddl(admin, "GRANT %I TO CURRENT_USER", place.owner)
    if place.login not in known:
        await ddl(admin, "CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS", place.login)
    await ddl(admin, "ALTER ROLE %I PASSWORD %L", place.login, password)


async def _create_database(admin: "asyncpg.Connection[Any]", place: Place) -> None:
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", place.database):
        await ddl(admin, "CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING 'UTF8'", place.database, place.owner)
    await ddl(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC", place.database)
    await ddl(admin, "GRANT CONNECT ON DATABASE %I TO %I", place.database, place.login)


async def _grant(admin_url: str, place: Place) -> None:
    """The login role reads and writes rows, and changes no table; what a revision revokes stays revoked."""
    connection = await asyncpg.connect(database_url(admin_url, place.database))
    try:
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await ddl(connection, "GRANT USAGE ON SCHEMA public TO %I", place.login)
        rights = {"TABLES": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCES": "USAGE, SELECT"}
        for kind, right in rights.items():
            await ddl(
                connection,
                "ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT %s ON %s TO %I",
                place.owner,
                right,
                kind,
                place.login,
            )
    finally:
        await connection.close()


async def ddl(connection: "asyncpg.Connection[Any]", statement: str, *names: str) -> None:
    """Run a statement that takes no parameters; PostgreSQL itself quotes names (`%I`) and values (`%L`) into it."""
    await connection.execute(
        await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", statement, list(names))
    )


async def migrate(admin_url: str, service: str, package: str, *, database: str | None = None) -> list[str]:
    """Bring a service's database to its newest revision. Returns the revisions applied, none if it was there already.

    `admin_url` may name any database of the server; its user must be able to become the owner role.
    Raises MigrationFailed.
    """
    place = place_of(service, database=database)
    connection = await asyncpg.connect(database_url(admin_url, place.database))
    try:
        await ddl(connection, "SET ROLE %I", place.owner)
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATORS)
        pending = _pending(package, await _current(connection))
        for revision in pending:
            await _apply(connection, revision, package)
        if pending:
            await ddl(connection, "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM %I", place.login)
        return [revision.revision for revision in pending]
    finally:
        await connection.close()


async def pending_sql(admin_url: str | None, service: str, package: str) -> str:
    """The SQL that `migrate` would run; from nothing when no server is given."""
    current = None
    if admin_url is not None:
        connection = await asyncpg.connect(database_url(admin_url, place_of(service).database))
        try:
            current = await _current(connection)
        finally:
            await connection.close()
    return "\n".join(_render(revision, package) for revision in _pending(package, current))


def head(package: str) -> str | None:
    """The newest revision that the code knows."""
    return _scripts(package).get_current_head()


async def _current(connection: "asyncpg.Connection[Any]") -> str | None:
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return None
    current: str | None = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    return current


def _scripts(package: str) -> ScriptDirectory:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise MigrationFailed(f"there is no package {package}")
    return ScriptDirectory(str(Path(found.submodule_search_locations[0]) / "migrations"))


def _pending(package: str, current: str | None) -> Sequence[Script]:
    scripts = _scripts(package)
    if current == scripts.get_current_head():
        return []
    try:
        return list(reversed(list(scripts.iterate_revisions("head", current or "base"))))
    except RevisionError:
        raise MigrationFailed(
            f"{package}: the database is at revision {current}, which this version of the code does not know"
        ) from None


def _render(revision: Script, package: str) -> str:
    """One revision as SQL, the change of alembic_version included."""
    scripts, text = _scripts(package), io.StringIO()
    start = revision.down_revision if isinstance(revision.down_revision, str) else None

    def steps(current: Any, _context: Any) -> Any:
        return scripts._upgrade_revs(revision.revision, current)

    with EnvironmentContext(
        Config(), scripts, fn=steps, as_sql=True, starting_rev=start, destination_rev=revision.revision
    ) as environment:
        environment.configure(
            dialect_name="postgresql",
            dialect_opts={"paramstyle": "named"},
            output_buffer=text,
            transactional_ddl=False,
        )
        environment.run_migrations()
    return text.getvalue()


async def _apply(connection: "asyncpg.Connection[Any]", revision: Script, package: str) -> None:
    """One transaction. A lock not had within a second is given up and asked again: nobody queues behind us."""
    sql = _render(revision, package)
    seconds = 5 if revision.down_revision else 60
    for attempt in range(_LOCK_TRIES):
        try:
            async with connection.transaction():
                await connection.execute("SELECT set_config('lock_timeout', '1s', true)")
                await connection.execute("SELECT set_config('statement_timeout', $1, true)", f"{seconds}s")
                await connection.execute("SELECT set_config('maillage.orgs', '*', true)")  # it may move rows of anybody
                await connection.execute(sql)
            _LOG.info("%s: revision %s applied", package, revision.revision)
            return
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(0.2 * (attempt + 1))
        except asyncpg.PostgresError as error:
            raise MigrationFailed(f"{package}: revision {revision.revision}: {error}") from error
    raise MigrationFailed(f"{package}: revision {revision.revision}: no lock within a second, {_LOCK_TRIES} times")

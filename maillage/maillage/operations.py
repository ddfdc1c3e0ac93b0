"""What an operator does to a running installation, beside `up` and `doctor`: migrations, dead letters, the audit."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

from maillage import audit, dead_letters
from maillage.bus import Bus
from maillage.database import Database
from maillage.installation import NotTold, service_environment, services
from maillage.migrate import MigrationFailed, create_databases, migrate, pending_sql
from maillage.principal import system
from maillage.processes import load


async def migrate_all(names: Sequence[str], *, only_print: bool) -> tuple[int, str]:
    """Exit status and what to print. Databases are made for services whose URL, hence password, is known."""
    admin = os.environ.get("MAILLAGE_POSTGRES_URL")
    if only_print:
        return 0, "\n".join([await pending_sql(admin, name, services()[name]) for name in names])
    if admin is None:
        raise NotTold("MAILLAGE_POSTGRES_URL is not set: name the server, as a user who may create databases")
    known = {name: url for name in names if (url := os.environ.get(f"MAILLAGE_{name.upper()}_POSTGRES_URL"))}
    await create_databases(admin, known, lambda role: unquote(urlsplit(known[role]).password or ""))
    lines: list[str] = []
    for name in names:
        try:
            applied = await migrate(admin, name, services()[name])
        except MigrationFailed as error:
            return 1, "\n".join([*lines, str(error)])
        lines.append(f"{name}: {', '.join(applied) or 'up to date'}")
    return 0, "\n".join(lines)


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[Database]:
    service_environment(name, "POSTGRES_URL")
    database = Database(load(name).settings())
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def list_dead_letters() -> str:
    """One line each: service, id, event, reason."""
    lines = []
    for name in services():
        async with _database(name) as database:
            letters = await database.run(system(name), dead_letters.waiting)
        lines += [f"{name}  {each.id}  {each.subject}  {each.attempts}x  {each.reason}" for each in letters]
    return "\n".join(lines) or "None."


async def requeue_dead_letters(chosen: Sequence[str]) -> int:
    """Send these again, all without a choice; returns how many."""
    count = 0
    for name in services():
        settings = load(name).settings()
        async with _database(name) as database:
            waiting = await database.run(system(name), dead_letters.waiting)
            letters = [letter.id for letter in waiting if not chosen or str(letter.id) in chosen]
            if letters:
                bus = Bus(settings.nats_url, settings.territory, f"{name}-requeue")
                await bus.open()
                try:
                    count += await dead_letters.requeue(database, bus, name, letters)
                finally:
                    await bus.close()
    return count


async def verify_audit() -> tuple[int, str]:
    """Exit status 1 and the first bad row of each service whose chain does not hold."""
    status, lines = 0, []
    for name in services():
        async with _database(name) as database:
            broken = await database.run(system(name), audit.verify)
        if broken is not None:
            status = 1
            lines.append(
                f"{name}: BROKEN at {broken.organisation_id} {broken.sequence}, row {broken.audit_id}: {broken.why}"
            )
        else:
            lines.append(f"{name}: the audit holds")
    return status, "\n".join(lines)

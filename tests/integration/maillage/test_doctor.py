"""`maillage doctor` sees what is broken, and only that. A check that was never seen to fail does not count."""

from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from maillage.doctor import Finding, check_broker, check_invariants, check_service, invariants
from maillage.embedded import Nats
from maillage.ids import new_id
from maillage.testing import PASSWORD, ServiceLike, data_directory
from telesecretariat.main import service

KIT = [each.name for each in invariants("maillage")]


@pytest.fixture
def url(service_database: Callable[[ServiceLike], str]) -> str:
    return service_database(service)


async def _plant(admin: str, sql: str, *args: object) -> None:
    connection = await asyncpg.connect(admin)
    await connection.execute(sql, *args)
    await connection.close()


async def _kit(url: str) -> dict[str, Finding]:
    found = {each.name: each for each in await check_invariants(url, service.name, service.package, KIT)}
    assert sorted(found) == sorted(KIT)
    return found


async def test_a_new_database_is_in_order(url: str) -> None:
    assert {each.state for each in await check_invariants(url, service.name, service.package)} == {"ok"}
    assert {each.state for each in await check_service(url, service.name, service.package)} == {"ok"}


@pytest.mark.parametrize(
    ("name", "damage", "key"),
    [
        ("I9", "ALTER TABLE kit.inbox DROP CONSTRAINT inbox_pkey", "kit.inbox"),
        ("I17", "ALTER TABLE kit.outbox DISABLE ROW LEVEL SECURITY", "kit.outbox"),
        ("I17", "ALTER TABLE kit.outbox NO FORCE ROW LEVEL SECURITY", "kit.outbox"),
        ("I17", "DROP POLICY reach ON kit.audit", "kit.audit"),
        ("I17", "CREATE TABLE public.mine (organisation_id uuid)", "public.mine"),
        ("I17", "ALTER TABLE kit.inbox OWNER TO telesecretariat", "kit.inbox"),
        ("I21", "CREATE TABLE public.mine (at timestamp)", "public.mine.at"),
    ],
)
async def test_damage_is_named(url: str, admin_of: Callable[[str], str], name: str, damage: str, key: str) -> None:
    """Each invariant of the kit finds exactly what was broken, and no other one complains."""
    await _plant(admin_of(url), damage)
    found = await _kit(url)
    broken = {each.name: each for each in found.values() if each.state != "ok"}
    assert set(broken) == {name}
    assert (broken[name].state, broken[name].count) == ("BROKEN", 1)
    assert broken[name].first.startswith(f"{key}: ")


async def test_an_audit_row_that_is_not_sealed_is_named(url: str, admin_of: Callable[[str], str]) -> None:
    row = new_id()
    await _plant(
        admin_of(url),
        "INSERT INTO kit.audit (id, organisation_id, at, actor, action, record, record_id, facts) "
        "VALUES ($1, $2, now() - interval '1 hour', 'system:test', 'test.done', 'thing', $2, '{}')",
        row,
        new_id(),
    )
    found = await _kit(url)
    assert (found["I18"].state, found["I18"].first.partition(":")[0]) == ("BROKEN", str(row))


async def test_a_stuck_relay_and_a_dead_letter_are_seen(url: str, admin_of: Callable[[str], str]) -> None:
    await _plant(
        admin_of(url),
        "INSERT INTO kit.outbox (id, type, subject_id, organisation_id, payload, occurred_at) "
        "VALUES ($1, 'a.b.v1', $1, $1, '{}', now() - interval '1 minute')",
        new_id(),
    )
    await _plant(
        admin_of(url),
        "INSERT INTO kit.dead_letter (consumer, event_id, subject, headers, payload, reason, attempts) "
        "VALUES ('c', 'e', 's', '{}', '', 'Poison', 8)",
    )
    found = {each.name: each for each in await check_service(url, service.name, service.package)}
    assert (found["relay"].state, found["relay"].count) == ("BROKEN", 1)
    assert (found["dead letters"].state, found["dead letters"].count) == ("BROKEN", 1)
    assert found["database"].state == "ok"


async def test_an_old_revision_is_seen(url: str, admin_of: Callable[[str], str]) -> None:
    await _plant(admin_of(url), "UPDATE alembic_version SET version_num = '0000'")
    found = {each.name: each for each in await check_service(url, service.name, service.package)}
    assert (found["database"].state, found["database"].first) == ("BROKEN", "is at 0000")


async def test_no_database_means_not_checked(url: str) -> None:
    """Could not look is not the same as broken."""
    away = url.replace(PASSWORD, "wrong")
    assert {each.state for each in await check_invariants(away, service.name, service.package)} == {"NOT CHECKED"}
    assert [each.state for each in await check_service(away, service.name, service.package)] == ["BROKEN"]


async def test_an_invariant_cannot_write(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an invariant says, it runs read-only; and one that fails does not keep the next from running."""
    directory = tmp_path / "guest_of_doctor" / "invariants"
    directory.mkdir(parents=True)
    (directory.parent / "__init__.py").touch()
    (directory / "guest_01_writes.sql").write_text(
        "-- Writes.\nWITH d AS (DELETE FROM kit.inbox) SELECT 1 AS key, 1 AS detail"
    )
    (directory / "guest_02_fine.sql").write_text("-- Looks.\nSELECT 1 AS key, 1 AS detail WHERE false")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = await check_invariants(url, service.name, "guest_of_doctor", ["guest.1", "guest.2"])
    assert [(each.name, each.state) for each in found] == [("guest.1", "NOT CHECKED"), ("guest.2", "ok")]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Nats]:
    server = Nats(data_directory(tmp_path) / "nats")
    server.start()
    yield server
    server.stop()


async def test_the_broker_is_seen_and_missed(broker: Nats) -> None:
    assert (await check_broker(broker.url)).state == "ok"
    broker.stop()
    assert (await check_broker(broker.url)).state == "BROKEN"


def test_lines_are_as_documented() -> None:
    fine = Finding("appointments", "I7", "a hold ends", "ok", 0, "", 12).line().split()
    assert fine == ["appointments", "I7", "ok", "0", "12ms"]
    assert Finding("a", "I7", "It holds.", "BROKEN", 3, "k: d").line().endswith("BROKEN 3 (first: k: d) It holds.")

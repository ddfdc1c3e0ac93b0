"""Every service tells its audit: own organisations only, newest first, with the link of each row."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from maillage.audit import link, seal
from maillage.database import Database
from maillage.principal import Principal, system
from maillage.testing import Running
from tests.harness.ledger import service
from tests.integration.maillage.test_act import ORG, OTHER, writer

Query = Mapping[str, str | int]


def auditor(*orgs: UUID) -> Principal:
    return replace(writer(), role="auditor", orgs=frozenset(orgs or (ORG,)), perms={"gateway:audit.read": "o"})


async def _written(running: Running, count: int, who: Principal | None = None) -> list[str]:
    async with running.client(who or writer()) as client:
        return [(await client.post("/v1/entries", json={"text": f"n{number}"})).json()["id"] for number in range(count)]


async def _sealed(running: Running) -> None:
    database = Database(running.settings)
    await database.open()
    await database.run(system("ledger"), seal)
    await database.close()


async def _read(running: Running, query: Query, who: Principal | None = None) -> list[dict[str, Any]]:
    """All pages."""
    items: list[dict[str, Any]] = []
    async with running.client(who or auditor()) as client:
        cursor: str | None = ""
        while cursor is not None:
            answer = await client.get("/v1/audit", params={**query, **({"cursor": cursor} if cursor else {})})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            items += page["items"]
            cursor = page["next_cursor"]
    return items


async def test_pages_are_newest_first_and_lose_nothing(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    written = await _written(running, 7)
    for limit in (1, 3, 7, 50):
        assert [row["record_id"] for row in await _read(running, {"limit": limit})] == written[::-1], limit
    rows = await _read(running, {})
    assert {(row["action"], row["record"], row["role"]) for row in rows} == {("entry.write", "entry", "writer")}
    assert rows[0]["facts"] == {"version": 1}
    assert rows[0]["seal"] is None


async def test_filters(running_service: Callable[..., Running]) -> None:
    """By time, record, person, kind of record, act; together they narrow."""
    running = running_service(service)
    one, two = writer(), writer()
    first, second = await _written(running, 2, one)
    (third,) = await _written(running, 1, two)
    every = await _read(running, {})
    at = every[1]["at"]
    expected: list[tuple[Query, list[str]]] = [
        ({"record": second}, [second]),
        ({"actor": one.sub}, [second, first]),
        ({"actor": one.sub.removeprefix("person:")}, [second, first]),
        ({"actor": two.sub, "record": second}, []),
        ({"from": at}, [third, second]),
        ({"to": at}, [first]),
        ({"from": at, "to": every[0]["at"]}, [second]),
        ({"record_type": "entry"}, [third, second, first]),
        ({"record_type": "patient"}, []),
        ({"action": "entry.change"}, []),
        ({"record": second, "action": "entry.write"}, [second]),
    ]
    for query, records in expected:
        assert [row["record_id"] for row in await _read(running, query)] == records, query


async def test_rows_of_others_do_not_exist(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    (own,) = await _written(running, 1)
    (foreign,) = await _written(running, 1, writer(OTHER))
    assert [row["record_id"] for row in await _read(running, {})] == [own]
    assert await _read(running, {"record": foreign}) == []
    assert {row["record_id"] for row in await _read(running, {}, auditor(ORG, OTHER))} == {own, foreign}
    assert {row["record_id"] for row in await _read(running, {}, replace(auditor(), orgs=None))} == set()
    await _sealed(running)
    assert {row["record_id"] for row in await _read(running, {}, replace(auditor(), orgs=None))} == {own, foreign}


async def test_only_who_holds_the_permission_reads(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    for who, code in ((writer(), "NOT_ALLOWED"), (None, "NOT_SIGNED_IN")):
        async with running.client(who) as client:
            for path in ("/v1/audit", "/v1/audit/verification"):
                assert (await client.get(path)).json()["code"] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"cursor": "x"}, "CURSOR_INVALID"),
        ({"from": "2026-10-01"}, "TIME_INVALID"),
        ({"from": "2026-10-01T00:00:00"}, "TIME_INVALID"),
        ({"record": "x"}, "INVALID"),
        ({"actor": "person:' OR 1=1"}, "INVALID"),
        ({"limit": 501}, "INVALID"),
        ({"unknown": "1"}, "FIELD_NOT_ALLOWED"),
    ],
)
async def test_wrong_questions_are_refused(running_service: Callable[..., Running], query: Query, code: str) -> None:
    async with running_service(service).client(auditor()) as client:
        answer = await client.get("/v1/audit", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_each_row_shows_its_link_and_anybody_can_recompute_it(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    await _written(running, 3)
    await _sealed(running)
    rows = (await _read(running, {}))[::-1]
    assert [row["seal"]["sequence"] for row in rows] == [1, 2, 3]
    assert rows[0]["seal"]["previous"] == "00" * 32
    for before, row in zip([None, *rows], rows, strict=False):
        if before is not None:
            assert row["seal"]["previous"] == before["seal"]["hash"]
        facts = json.dumps(row["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        fields = {**row, "at": datetime.fromisoformat(row["at"]), "facts": facts}
        assert link(bytes.fromhex(row["seal"]["previous"]), fields).hex() == row["seal"]["hash"]


async def test_verification_names_the_first_row_that_was_changed_and_only_to_whom_it_concerns(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """More rows than are read at once, so that the pages of the chain meet."""
    running = running_service(service)
    database = Database(running.settings)
    await database.open()
    await database.run(system("ledger"), _many)
    await database.close()
    await _written(running, 1, writer(OTHER))
    await _sealed(running)
    connection = await asyncpg.connect(admin_of(running.database_url))
    try:
        async with running.client(auditor()) as client, running.client(auditor(OTHER)) as other:
            assert (await client.get("/v1/audit/verification")).json() == {
                "intact": True,
                "links": 1203,
                "broken": None,
            }
            changed = await connection.fetchval("SELECT audit_id FROM kit.audit_seal WHERE sequence = 777")
            await connection.execute("SET session_replication_role = replica")
            spoiled = "UPDATE kit.audit SET facts = 'no json' WHERE id = $1 RETURNING record_id"
            record = await connection.fetchval(spoiled, changed)
            said = (await client.get("/v1/audit/verification")).json()
            untouched = (await other.get("/v1/audit/verification")).json()
            shown = (await client.get("/v1/audit", params={"record": str(record)})).json()["items"]
    finally:
        await connection.close()
    assert not said["intact"]
    assert said["broken"] == {
        "organisation_id": str(ORG),
        "sequence": 777,
        "audit_id": str(changed),
        "why": "the row was changed",
    }
    assert untouched == {"intact": True, "links": 1, "broken": None}
    assert [row["facts"] for row in shown] == [{"unreadable": True}], "a row that was changed is still shown"


async def _many(tx: Any) -> None:
    for number in range(1203):
        tx.audit("entry.write", "entry", UUID(int=number), ORG)

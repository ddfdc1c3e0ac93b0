"""One act is one transaction: answered after COMMIT, once per key, within the caller's reach, in his language."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import asyncpg
import httpx
import pytest

from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.refusals import NotFound
from maillage.testing import Running, mint
from tests.harness.ledger import EntryIn, service, write

ORG, OTHER = UUID(int=1), UUID(int=2)


def writer(org: UUID = ORG) -> Principal:
    """Someone who may write and read entries of one organisation."""
    return Principal(
        sub=f"person:{new_id()}",
        kind="professional",
        role="writer",
        org=org,
        orgs=frozenset({org}),
        perms={"entry.write": "o", "entry.read": "o"},
    )


async def rows(running: Running, admin_of: Callable[[str], str], sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(admin_of(running.database_url))
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def test_same_key_gives_the_same_answer_and_one_effect(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        key = {"Idempotency-Key": "k-1"}
        first = await client.post("/v1/entries", json={"text": "a"}, headers=key)
        again = await client.post("/v1/entries", json={"text": "a"}, headers=key)
        other = await client.post("/v1/entries", json={"text": "b"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert other.json()["code"] == "KEY_REUSED"
    for table in ("entry", "kit.outbox", "kit.audit"):
        assert len(await rows(running, admin_of, f"SELECT 1 FROM {table}")) == 1, table


async def test_a_key_used_twice_at_once_has_one_effect(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/entries", json={"text": "a"}, headers={"Idempotency-Key": "k"}) for _ in range(30))
        )
    assert {a.status_code for a in answers} <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"KEY_IN_USE"}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert len(await rows(running, admin_of, "SELECT 1 FROM entry")) == 1


async def test_a_key_is_one_persons_own(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    answers = []
    for caller in (writer(), writer()):
        async with running.client(caller) as client:
            answers.append(await client.post("/v1/entries", json={"text": "a"}, headers={"Idempotency-Key": "k"}))
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


async def test_an_unusable_key_is_refused(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        for key in ("", "two words", '""', "x" * 201, "é"):
            answer = await client.post("/v1/entries", json={"text": "a"}, headers={b"Idempotency-Key": key.encode()})
            assert (answer.status_code, answer.json()["code"]) == (400, "KEY_INVALID"), key


async def test_rows_of_another_organisation_do_not_exist(running_service: Callable[..., Running]) -> None:
    """No query of the ledger names an organisation: only row-level security keeps them apart."""
    running = running_service(service)
    async with running.client(writer()) as mine, running.client(writer(OTHER)) as theirs:
        entry = (await mine.post("/v1/entries", json={"text": "a"})).json()
        seen = await theirs.get("/v1/entries")
        read = await theirs.get(f"/v1/entries/{entry['id']}")
        changed = await theirs.put(f"/v1/entries/{entry['id']}", json={"text": "b"})
        nothing = await theirs.get(f"/v1/entries/{new_id()}")
        malformed = await theirs.get("/v1/entries/not-an-id")
    assert seen.json()["items"] == []
    assert [read.status_code, changed.status_code, nothing.status_code, malformed.status_code] == [404] * 4
    assert read.json().keys() == nothing.json().keys() == malformed.json().keys()


async def test_a_caller_cannot_write_into_another_organisation(service_database: Callable[..., str]) -> None:
    """Row-level security also checks what is written, and the service's role cannot switch it off."""
    connection = await asyncpg.connect(service_database(service), server_settings={"maillage.orgs": str(ORG)})
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "INSERT INTO entry (id, organisation_id, text) VALUES ($1, $2, 'x')", new_id(), OTHER
            )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("ALTER TABLE entry DISABLE ROW LEVEL SECURITY")
    finally:
        await connection.close()


async def test_a_version_tag_guards_a_change(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        made = await client.post("/v1/entries", json={"text": "a"})
        address = f"/v1/entries/{made.json()['id']}"
        good = await client.put(address, json={"text": "b"}, headers={"If-Match": made.headers["etag"]})
        stale = await client.put(address, json={"text": "c"}, headers={"If-Match": made.headers["etag"]})
        garbled = await client.put(address, json={"text": "c"}, headers={"If-Match": "seven"})
        same = await client.get(address, headers={"If-None-Match": good.headers["etag"]})
    assert (good.status_code, good.headers["etag"]) == (200, '"2"')
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "VERSION_STALE", 2)
    assert (garbled.status_code, garbled.json()["code"]) == (400, "VERSION_UNREADABLE")
    assert same.status_code == 304


BAD_BODIES: list[tuple[bytes, int, str, str | None]] = [
    (b"{", 400, "UNREADABLE", None),
    (b'{"text": "a", "text": "b"}', 400, "UNREADABLE", None),
    (b"[" * 100_000, 400, "UNREADABLE", None),
    (b'{"text": "\xff"}', 400, "UNREADABLE", None),
    (b'{"text": NaN}', 422, "INVALID", ""),
    (b'{"text": null}', 422, "INVALID", "/text"),
    (b'{"text": 1}', 422, "INVALID", "/text"),
    (b"{}", 422, "INVALID", "/text"),
    (b"[]", 422, "INVALID", ""),
    (b'{"text": "a\\u0000b"}', 422, "TEXT_INVALID", "/text"),
    (b'{"text": "\\ud800"}', 422, "TEXT_INVALID", "/text"),
    (b'{"text": "\\u202eabc"}', 422, "TEXT_INVALID", "/text"),
    (b'{"text": "   "}', 422, "TEXT_INVALID", "/text"),
    (b'{"text": "a", "version": 7}', 422, "FIELD_NOT_ALLOWED", "/version"),
    (b'{"text": "a", "at": "2026-02-30T09:00:00+01:00"}', 422, "TIME_INVALID", "/at"),
    (b'{"text": "a", "at": "2026-11-24T09:00:00"}', 422, "TIME_INVALID", "/at"),
    (b'{"text": "a", "at": "2026-11-24T09:00:00+25:00"}', 422, "TIME_INVALID", "/at"),
    (b'{"text": "a", "at": 1795503600}', 422, "TIME_INVALID", "/at"),
    (b'{"text": "a", "phone": "abc"}', 422, "PHONE_INVALID", "/phone"),
    (b'{"text": "a", "phone": "3115"}', 422, "PHONE_INVALID", "/phone"),
    (b'{"text": "a", "phone": "0899 12 34 56"}', 422, "PHONE_INVALID", "/phone"),
    (b'{"text": "' + b"x" * 300_000 + b'"}', 413, "BODY_TOO_LARGE", None),
]


async def test_bad_bodies_are_refused_with_their_place(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        for body, status, code, pointer in BAD_BODIES:
            answer = await client.post("/v1/entries", content=body, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (status, code), body[:60]
            assert answer.headers["content-type"] == "application/problem+json"
            assert pointer is None or pointer in [e["pointer"] for e in answer.json()["errors"]], body[:60]
    assert await rows(running, admin_of, "SELECT 1 FROM entry") == []


async def test_a_refusal_speaks_the_callers_language(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        french = await client.get(f"/v1/entries/{new_id()}")
        english = await client.get(f"/v1/entries/{new_id()}", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert french.json()["title"] == "Introuvable"
    assert english.json()["title"] == "Not found"
    assert english.headers["content-language"] == "en"


async def test_only_a_fresh_token_of_the_gateway_for_this_service_opens(
    running_service: Callable[..., Running],
) -> None:
    running = running_service(service)
    good = mint(writer(), "ledger")
    header, payload, signature = good.split(".")
    bad = [
        "x",
        "x" * 100_000,
        mint(writer(), "appointments"),
        mint(writer(), "ledger", iss="someone"),
        mint(writer(), "ledger", exp=1),
        mint(writer(), "ledger", exp=4_000_000_000),
        mint(writer(), "ledger", sub=None),
        f"{header}.{payload}.{signature[:-4]}AAAA",
        "eyJhbGciOiJub25lIn0." + payload + ".",
        f"{header}.{payload}",
    ]
    async with httpx.AsyncClient(base_url=running.url) as client:
        codes = [(await client.get("/v1/entries", headers={"Authorization": f"Bearer {t}"})).status_code for t in bad]
        forged = await client.get("/v1/entries", headers={"X-User-Id": "admin"})
        fine = await client.get("/v1/entries", headers={"Authorization": f"Bearer {good}"})
    assert set(codes) <= {401, 400, 431}
    assert 200 not in codes
    assert (forged.status_code, forged.json()["code"]) == (401, "NOT_SIGNED_IN")
    assert fine.status_code == 200


async def test_without_the_permission_the_body_is_not_even_judged(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    reader = Principal(
        sub=f"person:{new_id()}", kind="professional", org=ORG, orgs=frozenset({ORG}), perms={"entry.read": "o"}
    )
    async with running.client(reader) as client:
        answer = await client.post("/v1/entries", json={"nonsense": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")


async def test_setting_a_foreign_field_is_in_the_audit_without_its_value(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        await client.post("/v1/entries", json={"text": "a", "ins": "canary-2-69-05-49"})
    audit = await rows(running, admin_of, "SELECT action, facts FROM kit.audit")
    assert [(r["action"], r["facts"]) for r in audit] == [("refused.field_not_allowed", '{"fields":"/ins"}')]


async def test_the_base_away_is_said_at_once_and_healed(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """Every backend of the service is killed: one request may be refused with 503, the next ones are served."""
    running = running_service(service)
    async with running.client(writer()) as client:
        assert (await client.post("/v1/entries", json={"text": "a"})).status_code == 201
        await rows(
            running,
            admin_of,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        codes = [(await client.post("/v1/entries", json={"text": "a"})).status_code for _ in range(20)]
    assert set(codes) <= {201, 503}
    assert codes[-1] == 201


async def test_an_attempt_that_fails_leaves_nothing_and_the_rest_goes_on(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """Its rows, events and audits are undone, also when the base itself refused it."""
    running = running_service(service)
    database = Database(running.settings)
    await database.open()

    async def some(tx: Tx) -> None:
        for text in ("first", "refused", "second", "broken", "third"):
            with suppress(NotFound, asyncpg.NotNullViolationError):
                async with tx.attempt():
                    await write(tx, EntryIn(text=text), ORG)
                    if text == "refused":
                        raise NotFound
                    if text == "broken":
                        await tx.execute("INSERT INTO entry (id, organisation_id) VALUES (NULL, $1)", ORG)
        await write(tx, EntryIn(text="outside"), ORG)

    try:
        await database.run(writer(), some)
    finally:
        await database.close()
    kept = await rows(running, admin_of, "SELECT id, text FROM entry ORDER BY text")
    assert [row["text"] for row in kept] == ["first", "outside", "second", "third"]
    for told in ("SELECT subject_id FROM kit.outbox", "SELECT record_id FROM kit.audit"):
        assert {row[0] for row in await rows(running, admin_of, told)} == {row["id"] for row in kept}

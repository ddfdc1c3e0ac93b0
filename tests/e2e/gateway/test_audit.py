"""The auditor's page and export: one list of all services, signed, and honest about who did not answer (design: gateway
8, scenario 14)."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import httpx
import pytest
import pytest_asyncio

from gateway.audit import verify
from gateway.demo import CENTRE, FIRM
from maillage import clock
from maillage.audit import seal
from maillage.children import free_port
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.testing import Running, soon
from telesecretariat.main import service as telesecretariat
from tests.e2e.gateway.conftest import Desk
from tests.harness.ledger import service as ledger

AUDIT = "/api/gateway/v1/audit"
PATIENT = new_id()
NURSE = uuid5(CENTRE, "person:infirmier")
CALLER = uuid5(FIRM, "person:secretaire1")


@dataclass(frozen=True)
class Scene:
    """A gateway and two services, with acts of three people on one record."""

    desk: Desk
    services: dict[str, Running]

    async def act(self, service: str, who: str, action: str, record: UUID = PATIENT, org: UUID = CENTRE) -> None:
        """Somebody does something to a record; it is in that service's audit."""
        running = self.services[service]
        principal = Principal(sub=who, kind="professional", role="nurse", org=org, orgs=frozenset({org}))
        await _run(running, principal, _acted, action, record, org)

    async def seal(self) -> None:
        """As the workers do each second."""
        for name, running in {**self.services, "gateway": self.desk.house.running}.items():
            await _run(running, system(name), seal)


async def _run(running: Running, who: Principal, use_case: Callable[..., Awaitable[Any]], *args: object) -> None:
    database = Database(running.settings)
    await database.open()
    try:
        await database.run(who, use_case, *args)
    finally:
        await database.close()


async def _acted(tx: Tx, action: str, record: UUID, org: UUID) -> None:
    tx.audit(action, "patient", record, org)


@pytest_asyncio.fixture
async def scene(running_service: Callable[..., Running], opened: Callable[..., Awaitable[Desk]]) -> Scene:
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    services = {
        service.name: running_service(service, jwks=None, jwks_url=f"{door}/.well-known/jwks.json")
        for service in (ledger, telesecretariat)
    }
    desk = await opened(
        address=f"127.0.0.1:{port}", public_url=door, upstreams={name: each.url for name, each in services.items()}
    )
    scene = Scene(desk, services)
    await scene.act("ledger", f"person:{NURSE}", "patient.read")
    await scene.act("telesecretariat", f"person:{CALLER}", "patient.read")
    await scene.act("ledger", "contact:0199aaaa-0000-7000-8000-000000000001", "patient.write")
    await scene.act("ledger", f"person:{NURSE}", "patient.read", record=new_id())
    await scene.act("telesecretariat", f"person:{CALLER}", "patient.read", org=FIRM)
    return scene


def _who(answer: httpx.Response) -> list[tuple[str, str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(row["service"], row["action"], row["actor_name"]) for row in answer.json()["items"]]


async def test_who_opened_this_record(scene: Scene) -> None:
    """One list of all services, with the names of those who acted, of the firm that acts for the centre too; the
    question itself is in it the next time."""
    async with scene.desk.browser("auditeur") as client:
        asked = {"record": str(PATIENT), "from": (clock.now() - timedelta(days=31)).isoformat()}
        first = await client.get(AUDIT, params=asked)
        again = await client.get(AUDIT, params=asked)
    acts = [
        ("ledger", "patient.write", None),
        ("telesecretariat", "patient.read", "Démonstration Téléphone-Un"),
        ("ledger", "patient.read", "Démonstration Soins"),
    ]
    assert _who(first) == acts
    assert _who(again) == [("gateway", "audit.read", "Démonstration Audit"), *acts]
    assert first.json()["sources"] == [
        {"service": name, "state": "ok"} for name in ("gateway", "ledger", "telesecretariat")
    ]
    row = first.json()["items"][0]
    assert row["record_id"] == str(PATIENT)
    assert row["facts"] == {}
    asking = again.json()["items"][0]
    assert asking["facts"]["asked_from"]
    assert asking["ip"] == "127.0.0.1"


async def test_pages_go_through_all_sources_without_a_gap(scene: Scene) -> None:
    """The same rows whatever the length of a page: one order over all services."""
    for number in range(5):
        await scene.act("ledger" if number % 2 else "telesecretariat", f"person:{NURSE}", "patient.relate")
    everything = {"record": str(PATIENT), "record_type": "patient"}
    async with scene.desk.browser("auditeur") as client:
        whole = [row["id"] for row in (await client.get(AUDIT, params=everything)).json()["items"]]
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await client.get(AUDIT, params={**everything, "limit": 2, "cursor": cursor})).json()
            assert len(page["items"]) <= 2
            found += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
    assert len(whole) == 8
    assert found == whole


async def test_filters_reach_every_service(scene: Scene) -> None:
    async with scene.desk.browser("auditeur") as client:
        by_person = await client.get(AUDIT, params={"actor": str(CALLER), "action": "patient.read"})
        wrong = await client.get(AUDIT, params={"record": "x"})
        cursor = await client.get(AUDIT, params={"cursor": "x"})
    assert _who(by_person) == [("telesecretariat", "patient.read", "Démonstration Téléphone-Un")]
    assert (wrong.status_code, cursor.json()["code"]) == (422, "CURSOR_INVALID")


async def test_a_service_that_is_down_hides_only_its_own_rows(scene: Scene) -> None:
    scene.services["ledger"].stop()
    async with scene.desk.browser("auditeur") as client:
        answer = await client.get(AUDIT, params={"record": str(PATIENT)})
        chains = await client.get(f"{AUDIT}/verification")
    assert _who(answer) == [("telesecretariat", "patient.read", "Démonstration Téléphone-Un")]
    assert {"service": "ledger", "state": "away"} in answer.json()["sources"]
    states = {each["service"]: each["state"] for each in chains.json()["items"]}
    assert states == {"gateway": "ok", "ledger": "away", "telesecretariat": "ok"}


async def test_nobody_else_reads_the_audit(scene: Scene) -> None:
    """Administrators neither: who gives rights does not watch himself."""
    for login in ("administrateur", "responsable", "medecin", "secretaire1"):
        async with scene.desk.browser(login) as client:
            for path in (AUDIT, f"{AUDIT}/verification", f"{AUDIT}/export"):
                assert (await client.get(path)).json()["code"] == "NOT_ALLOWED", (login, path)


async def test_verification_names_the_service_and_row_that_were_changed(
    scene: Scene, admin_of: Callable[[str], str]
) -> None:
    await scene.seal()
    async with scene.desk.browser("auditeur") as client:
        before = (await client.get(f"{AUDIT}/verification")).json()["items"]
        connection = await asyncpg.connect(admin_of(scene.services["ledger"].database_url))
        await connection.execute("SET session_replication_role = replica")
        changed = await connection.fetchval(
            "UPDATE kit.audit SET actor = 'person:else' WHERE action = 'patient.write' RETURNING id"
        )
        await connection.close()
        after = (await client.get(f"{AUDIT}/verification")).json()["items"]
    assert [each["verification"]["intact"] for each in before] == [True, True, True]
    assert {each["service"]: each["verification"]["links"] for each in before}["ledger"] == 3
    assert [each["verification"]["intact"] for each in after] == [True, False, True]
    assert after[1]["verification"]["broken"]["audit_id"] == str(changed)


async def _exported(scene: Scene, path: Path, **asked: str) -> tuple[Path, Path]:
    """The export and the public keys, as files."""
    period = {
        "from": (clock.now() - timedelta(days=31)).isoformat(),
        "to": (clock.now() + timedelta(minutes=1)).isoformat(),
    }
    async with scene.desk.browser("auditeur") as client:

        async def allowed() -> bool:
            return (await client.get(f"{AUDIT}/export", params={**period, **asked})).status_code == 200

        await soon(allowed)
        answer = await client.get(f"{AUDIT}/export", params={**period, **asked})
        keys = await client.get("/.well-known/audit-keys.json")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-')
    (path / "export.ndjson").write_bytes(answer.content)
    (path / "keys.json").write_bytes(keys.content)
    return path / "export.ndjson", path / "keys.json"


async def test_an_export_can_be_checked_without_the_platform(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Complete, in the centre's reach only, every link in it; then each way of changing it is found."""
    await scene.seal()
    file, keys = await _exported(scene, tmp_path)
    assert verify.main([str(file), "--jwks", str(keys)]) == 0
    assert "The export holds" in capsys.readouterr().out
    lines = file.read_bytes().splitlines(keepends=True)
    said = [json.loads(line) for line in lines]
    assert said[0]["by"] == f"person:{uuid5(CENTRE, 'person:auditeur')}"
    rows = [each for each in said if each["kind"] == "row"]
    assert {row["organisation_id"] for row in rows} == {str(CENTRE)}
    assert [row["service"] for row in rows if row["record"] == "patient"] == ["ledger"] * 3 + ["telesecretariat"]
    assert [(each["service"], each["state"]) for each in said if each["kind"] == "source"] == [
        ("gateway", "ok"), ("ledger", "ok"), ("telesecretariat", "ok")
    ]  # fmt: skip
    place = next(number for number, each in enumerate(said) if each.get("action") == "patient.write")
    other = lines[place].replace(b"patient.write", b"patient.peeks")
    assert other != lines[place]
    forged = {
        "a row changed": [*lines[:place], other, *lines[place + 1 :]],
        "a row removed": [*lines[:place], *lines[place + 1 :]],
        "cut": lines[:-1],
        "the head removed": lines[1:],
        "lines after the signature": [*lines, lines[place]],
        "another's signature": [*lines[:-1], _resigned(lines[-1])],
        "no export": [b"{}\n"],
        "empty": [],
    }
    for what, content in forged.items():
        file.write_bytes(b"".join(content))
        assert verify.main([str(file), "--jwks", str(keys)]) == 1, what
        assert "does NOT hold" in capsys.readouterr().out
    assert verify.main([str(file), "--jwks", str(tmp_path / "nothing")]) == 2


def _resigned(line: bytes) -> bytes:
    said = json.loads(line)
    head, payload, signature = said["jws"].split(".")
    return json.dumps({**said, "jws": f"{head}.{payload}.{signature[::-1]}"}).encode() + b"\n"


async def test_an_export_says_whose_rows_are_missing(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.services["ledger"].stop()
    file, keys = await _exported(scene, tmp_path, record=str(PATIENT))
    assert verify.main([str(file), "--jwks", str(keys)]) == 0
    assert "Not complete, these did not answer: ledger." in capsys.readouterr().out


async def test_an_export_asks_for_a_fresh_second_factor_and_a_period(scene: Scene) -> None:
    async with scene.desk.browser("auditeur") as client:
        period = {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
        await soon(lambda: _status(client, period, 200))
        await scene.desk.sql("UPDATE session SET auth_time = auth_time - interval '16 minutes'")
        await soon(lambda: _status(client, period, 403))
        assert (await client.get(f"{AUDIT}/export", params=period)).json()["code"] == "STEP_UP_REQUIRED"
        await scene.desk.second_factor("auditeur")
        await soon(lambda: _status(client, period, 200))
        for wrong in (
            {"from": "2026-01-01T00:00:00Z"},
            {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
            {"from": "2024-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
        ):
            assert (await client.get(f"{AUDIT}/export", params=wrong)).status_code == 422, wrong
        taken = await client.get(AUDIT, params={"action": "audit.export"})
    assert _who(taken)[0] == ("gateway", "audit.export", "Démonstration Audit")
    assert taken.json()["items"][0]["facts"]["asked_to"] == "2026-02-01T00:00:00Z"


async def _status(client: httpx.AsyncClient, period: dict[str, str], expected: int) -> bool:
    return (await client.get(f"{AUDIT}/export", params=period)).status_code == expected


async def test_a_long_export_is_read_in_pieces_and_whole(scene: Scene, tmp_path: Path) -> None:
    """More rows than are asked for at once."""
    await _run(scene.services["ledger"], system("ledger"), _many)
    file, keys = await _exported(scene, tmp_path, action="patient.many")
    found = verify.check(io.BytesIO(file.read_bytes()), verify.read_keys(str(keys)))
    assert (found.rows, found.unlinked) == (1203, 1203)


async def _many(tx: Tx) -> None:
    for _ in range(1203):
        tx.audit("patient.many", "patient", PATIENT, CENTRE)


async def test_services_believe_no_token_that_the_door_did_not_make_for_them(scene: Scene) -> None:
    """The audit of a service is read through the door only; nobody reads a foreign organisation's."""
    async with httpx.AsyncClient(base_url=scene.services["ledger"].url, trust_env=False) as direct:
        assert (await direct.get("/v1/audit")).status_code == 401
    await scene.act("ledger", f"person:{CALLER}", "patient.read", org=FIRM)
    async with scene.desk.browser("auditeur") as client:
        answers = await asyncio.gather(*(client.get(AUDIT, params={"limit": 500}) for _ in range(3)))
    for answer in answers:
        assert {row["organisation_id"] for row in answer.json()["items"]} == {str(CENTRE)}

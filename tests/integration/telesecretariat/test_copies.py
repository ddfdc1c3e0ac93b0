"""What other services tell: who may work, whose client it is, whose file it is, who is on duty."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from uuid import UUID

import pytest

from contracts.appointments import AbsenceChanged, PatientMerged, PatientUnmerged
from contracts.base import Event
from contracts.gateway import MembershipChanged, OrganisationChanged, PersonChanged, SessionEnded
from contracts.permanence import DutyReassigned
from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from telesecretariat.main import service
from tests.harness.floor import SETTINGS, Floor
from tests.harness.publishing import Publisher


@asynccontextmanager
async def told(floor: Floor) -> AsyncIterator[Callable[..., Any]]:
    """`await tell(event, …)`: published as of the centre, and handled by the service's worker."""
    running = cast(Any, floor.running)
    publisher = Publisher(running.settings)
    await publisher.bus.open()
    await publisher.bus.ensure_stream()
    running.work()

    async def tell(*events: Event) -> None:
        await publisher.send(*[(event, floor.centre) for event in events])

        async def handled() -> bool:
            seen = await floor.connection.fetchval(
                "SELECT count(*) FROM kit.inbox WHERE type = ANY ($1)", [event.TYPE for event in everything]
            )
            return bool(seen == len(everything))

        everything.extend(events)
        await soon(handled)

    everything: list[Event] = []
    try:
        yield tell
    finally:
        await publisher.bus.close()


def person(person_id: UUID, status: str = "active", epoch: int = 1) -> PersonChanged:
    return PersonChanged.model_validate(
        {"person_id": person_id, "status": status, "display_name": "Démonstration", "rpps": None, "identifiers": [],
         "epoch": epoch}
    )  # fmt: skip


async def test_who_may_not_work_any_more_is_out_and_her_call_is_first_in_the_queue(floor: Floor) -> None:
    alive = clock.now() + timedelta(minutes=10)  # nobody is silent meanwhile, nobody ready for the call that comes back
    first = await floor.agent("poste 1", desk_sid="s1", presence="online", seen_at=alive)
    second = await floor.agent(
        "poste 2", desk_sid="s2", device_kind="browser", presence="online", work_state="on_call", seen_at=alive
    )
    third = await floor.agent("poste 3", desk_sid="s3", presence="online", seen_at=alive)
    held = await floor.call(state="held", agent_id=second, answered_at=clock.now())
    ended = MembershipChanged(
        membership_id=new_id(), person_id=third, organisation_id=floor.firm, role="telesecretary",
        valid_from=clock.now() - timedelta(days=30), valid_to=clock.now() - timedelta(seconds=1),
    )  # fmt: skip
    async with told(floor) as tell:
        await tell(SessionEnded(person_id=first, sid="another", reason="idle"), person(second), person(third))
        assert {(await floor.row("agent", each))["presence"] for each in (first, second, third)} == {"online"}
        await tell(
            SessionEnded(person_id=first, sid="s1", reason="signed_out"), person(second, "suspended", 2),
            person(second, "active", 1), ended,
        )  # fmt: skip
    for each in (first, second, third):
        row = await floor.row("agent", each)
        assert (row["presence"], row["work_state"], row["desk_id"]) == ("offline", "not_ready", None), row["label"]
    call = await floor.row("call", held)
    assert (call["state"], call["agent_id"], call["returned"]) == ("waiting", None, 1)
    kept = await floor.connection.fetchval("SELECT status FROM person_ref WHERE person_id = $1", second)
    assert kept == "suspended", "what is older changes nothing"


async def test_a_client_has_the_name_of_its_centre_and_an_absence_its_extent(floor: Floor) -> None:
    doctor, now = new_id(), clock.now()
    renamed = OrganisationChanged(
        organisation_id=floor.centre, kind="health_centre", name="Centre de démonstration", identifiers=[],
        territory="saone-et-loire", active=True,
    )  # fmt: skip
    away = AbsenceChanged(
        absence_id=new_id(), practitioner_id=doctor, rpps=None, start=now, end=now + timedelta(days=2), active=True
    )
    async with told(floor) as tell:
        await tell(renamed, away)
        assert (await floor.row("client", floor.client_id))["name"] == "Centre de démonstration"
        row = await floor.connection.fetchrow(
            "SELECT during, state FROM absence_ref WHERE practitioner_id = $1", doctor
        )
        assert row is not None
        assert (row["during"].lower, row["state"]) == (now, "active")
        await tell(away.model_copy(update={"active": False}))
        assert await floor.connection.fetchval("SELECT state FROM absence_ref") == "over"


async def test_what_followed_a_patient_goes_back_and_nothing_else(floor: Floor) -> None:
    left, kept, now = new_id(), new_id(), clock.now()
    mine = await floor.call(state="completed", patient_id=left, ended_at=now)
    theirs = await floor.call(state="completed", patient_id=kept, ended_at=now)
    task, message = new_id(), new_id()
    await floor.insert("task", {"id": task, "organisation_id": floor.centre, "client_id": floor.client_id,
                                "kind": "document", "patient_id": left, "due_at": now, "created_at": now})  # fmt: skip
    await floor.insert("message", {
        "id": message, "organisation_id": floor.centre, "client_id": floor.client_id, "practitioner_id": new_id(),
        "patient_id": left, "urgency": "routine", "body_sealed": b"x", "author_id": new_id(), "created_at": now,
    })  # fmt: skip

    async def patients() -> list[UUID]:
        rows = [("call", mine), ("call", theirs), ("task", task), ("message", message)]
        return [(await floor.row(table, id_))["patient_id"] for table, id_ in rows]

    async with told(floor) as tell:
        await tell(PatientMerged(from_id=left, into_id=kept))
        assert await patients() == [kept] * 4
        await tell(PatientUnmerged(from_id=left, into_id=kept))
    assert await patients() == [left, kept, left, left]
    kinds = await floor.connection.fetch("SELECT kind FROM call_event WHERE call_id = $1 ORDER BY seq", mine)
    assert [row["kind"] for row in kinds] == ["arrived", "patient_merged", "patient_unmerged"]


class Permanence:
    """An on-duty of nobody over HTTP: `answer` is what it says, None: it is down."""

    def __init__(self) -> None:
        self.answer: dict[str, object] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if outer.answer else 503)
                self.end_headers()
                self.wfile.write(json.dumps(outer.answer).encode())

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/on-duty"


@pytest.fixture
def permanence() -> Iterator[Permanence]:
    made = Permanence()
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def on_duty(number: str, until: datetime) -> dict[str, object]:
    return {
        "sector": "71-AUTUN", "patient_number": number, "next_change_at": until.isoformat(), "day": "holiday",
        "lines": [
            {"status": "covered", "place": {"name": "Maison médicale", "city": "Autun"},
             "doctors": [{"name": "Dr A", "reach": "+33639980012"}]},
            {"status": "gap", "place": {"name": "Ailleurs"}},
        ],
    }  # fmt: skip


async def test_who_is_on_duty_is_read_kept_and_read_again_when_it_changes(
    running_service: Any, admin_of: Callable[[str], str], permanence: Permanence
) -> None:
    running = running_service(service, **SETTINGS, on_duty_url=permanence.url)
    now = clock.now()
    permanence.answer = on_duty("15", now + timedelta(days=2))
    changed = DutyReassigned(
        slot_id=new_id(), line="71-AUTUN-MMG", sectors=["71-AUTUN"], starts_at=now, ends_at=now, from_rpps=None,
        to_rpps=None, revision=2,
    )  # fmt: skip
    async with await Floor.on(admin_of(running.database_url), running) as floor, told(floor) as tell:
        async with floor.http(floor.manager()) as client:
            patched = await client.patch(f"/v1/lines/{floor.line_id}", json={"duty_sectors": ["71-AUTUN"]})
            assert patched.status_code == 200, patched.text
        assert await said(floor) == ["Médecin de garde : appelez le 15.",
                                     "Lieu de garde : Maison médicale, Autun. Appelez d'abord."]  # fmt: skip
        row = await floor.connection.fetchrow("SELECT parts::text AS text, valid_until, read_at FROM duty_notice")
        assert row is not None
        assert "Dr A" not in row["text"] and "639980012" not in row["text"], "never a doctor's own phone"
        assert row["valid_until"] - row["read_at"] <= timedelta(hours=12), "nobody confirms it for longer"
        permanence.answer = on_duty("116117", now + timedelta(days=2))
        await tell(changed)
        await soon(lambda: says(floor, "116117"))
        permanence.answer = None
        await tell(changed.model_copy(update={"slot_id": new_id()}))

        async def asked() -> bool:
            return bool(await floor.connection.fetchval("SELECT ask_at > kit_now() FROM duty_notice"))

        await soon(asked)
        assert await says(floor, "116117"), "down: what is known stays until it expires"


async def parts(floor: Floor) -> list[dict[str, str]]:
    found: list[dict[str, str]] = await floor.connection.fetchval("SELECT parts FROM duty_notice") or []
    return found


async def said(floor: Floor) -> list[str]:
    return [part["text"] for part in await soon(lambda: parts(floor))]


async def says(floor: Floor, number: str) -> bool:
    return (await parts(floor))[0]["number"] == number

"""Schedules, absences and closures over HTTP: what they open, close, flag and refuse, and the events that say so."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
import pytest_asyncio

import appointments
from appointments.availability import service as availability
from appointments.main import service
from appointments.schedules.service import extend_one
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import Running, soon
from tests.harness.appointments_world import World, rule, world
from tests.harness.people import front_desk, manager, practitioner, telesecretary, visitor

PARIS = ZoneInfo("Europe/Paris")
INVARIANTS = Path(appointments.__file__).parent / "invariants"
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def day(ahead: int) -> date:
    return clock.now().astimezone(PARIS).date() + timedelta(days=ahead)


def at(ahead: int, hour: str) -> datetime:
    return datetime.combine(day(ahead), time.fromisoformat(hour), tzinfo=PARIS)


def sent(start: str = "09:00", end: str = "12:00", **fields: object) -> dict[str, object]:
    """A rule as the API takes it: every day from today, holidays too."""
    base = {"first_date": day(0).isoformat(), "rrule": "FREQ=DAILY", "on_holidays": True}
    return {**base, "local_start": start, "local_end": end, **fields}


class Centre:
    """A centre with a site, a reason, a doctor with an agenda, and its manager at the door."""

    def __init__(self, running: Running, w: World) -> None:
        self.running, self.w = running, w

    async def build(self) -> "Centre":
        self.id = await self.w.organisation()
        self.site = await self.w.site(self.id, "autun")
        self.reason = await self.w.reason(self.id)
        self.person = new_id()
        self.doctor = await self.w.practitioner(self.id, person_id=self.person)
        self.schedule = await self.w.schedule(self.doctor, self.site)
        self.manager = manager(self.id)
        return self

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        caller: Principal | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        async with self.running.client(caller or self.manager) as client:
            return await client.request(method, f"/v1/{path}", json=body, headers=headers)

    async def put(
        self, *rules: dict[str, object], query: str = "", schedule: UUID | None = None, **more: Any
    ) -> httpx.Response:
        return await self.ask("PUT", f"schedules/{schedule or self.schedule}/rules{query}", {"rules": rules}, **more)

    async def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        return await self.w.connection.fetch(sql, *args)

    async def stored(self) -> list[tuple[UUID, int]]:
        found = await self.rows(
            "SELECT id, version FROM availability WHERE schedule_id = $1 ORDER BY starts_at", self.schedule
        )
        return [(row["id"], row["version"]) for row in found]

    async def events(self, name: str) -> list[dict[str, Any]]:
        kind = f"appointments.{name}.v1"
        found = await self.rows("SELECT payload FROM kit.outbox WHERE type = $1 ORDER BY sequence", kind)
        return [json.loads(row["payload"]) for row in found]

    async def visit(self, ahead: int, hour: str, **fields: object) -> UUID:
        patient = await self.w.patient(self.id)
        return await self.w.booking(self.schedule, patient, self.reason, at(ahead, hour), **fields)  # type: ignore[arg-type]

    async def conflicts(self) -> dict[UUID, str]:
        found = await self.rows("SELECT id, conflict FROM appointment WHERE conflict IS NOT NULL")
        return {row["id"]: row["conflict"] for row in found}

    async def free(self, ahead: int) -> list[str]:
        span = {
            "from": at(ahead, "00:00").isoformat(),
            "to": at(ahead + 1, "00:00").isoformat(),
            "reason": "consultation",
        }
        async with self.running.client(telesecretary(new_id(), self.id)) as client:
            answer = await client.get("/v1/slots", params=span)
        return [item["start"][11:16] for item in answer.json()["items"]]

    async def sound(self) -> bool:
        """The invariants of this part hold."""
        broken = [await self.rows((INVARIANTS / f"{name}.sql").read_text()) for name in
                  ("i02_booking_in_open_schedule", "i11_free_is_recomputed")]  # fmt: skip
        return broken == [[], []]


@pytest_asyncio.fixture
async def centre(running_service: Callable[..., Running]) -> AsyncIterator[Centre]:
    running = running_service(service)
    async with world(running.database_url) as w:
        yield await Centre(running, w).build()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_new_schedule_and_its_rules_open_180_days(centre: Centre) -> None:
    site = await centre.w.site(centre.id, "digoin")
    made = await centre.ask("POST", "schedules", {"practitioner_id": str(centre.doctor), "site_id": str(site)})
    assert made.status_code == 201, made.text
    schedule = UUID(made.json()["id"])
    answer = await centre.put(sent(), schedule=schedule)
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert (result["dry_run"], result["outside"], result["warnings"], len(result["minutes"])) == (False, [], [], 8)
    assert [week["minutes"] for week in result["minutes"][1:]] == [7 * 180] * 7
    found = await centre.rows("SELECT count(*) AS n, min(local_date) AS a, max(local_date) AS b FROM availability")
    assert tuple(found[0]) == (180, day(0), day(179))
    shown = (await centre.ask("GET", f"schedules/{schedule}")).json()
    assert (shown["version"], len(shown["rules"]), shown["expanded_to"]) == (2, 1, day(180).isoformat())
    listed = (await centre.ask("GET", f"schedules?practitioner={centre.doctor}&limit=1")).json()
    assert len(listed["items"]) == 1
    assert listed["next_cursor"]
    assert await centre.sound()


async def test_one_schedule_per_practitioner_and_site(centre: Centre) -> None:
    body = {"practitioner_id": str(centre.doctor), "site_id": str(centre.site)}
    again = await centre.ask("POST", "schedules", body)
    assert code(again) == (409, "SCHEDULE_EXISTS")
    assert again.json()["schedule_id"] == str(centre.schedule)


async def test_the_same_rules_again_change_no_row(centre: Centre) -> None:
    """Sent again without ids, as an import does, rules and rows keep their ids and versions, and no event is said."""
    await centre.put(sent(), sent("14:00", "18:00"))
    before, said = await centre.stored(), len(await centre.events("availability_changed"))
    await centre.put(sent("14:00", "18:00"), sent())
    assert await centre.stored() == before
    assert len(await centre.events("availability_changed")) == said


async def test_only_the_days_that_differ_are_written_and_announced(centre: Centre) -> None:
    await centre.put(sent())
    before = dict(await centre.stored())
    hours = len(await centre.events("clinic_hours_changed"))
    added = await centre.ask(
        "POST", f"schedules/{centre.schedule}/exceptions", {"local_date": day(5).isoformat(), "action": "remove"}
    )
    assert added.status_code == 201, added.text
    after = dict(await centre.stored())
    assert len(before) - len(after) == 1
    assert after.items() <= before.items()
    changed = (await centre.events("availability_changed"))[-1]
    assert (changed["local_date"], changed["practitioner_id"]) == (day(5).isoformat(), str(centre.doctor))
    last = (await centre.events("clinic_hours_changed"))[hours:]
    assert [(e["date"], e["intervals"]) for e in last] == [(day(5).isoformat(), [])]


async def test_versions_of_a_day_only_grow(centre: Centre) -> None:
    """Also after its rows were deleted and written again: the highest version wins at the readers."""
    await centre.put(sent())
    for _ in range(2):
        added = await centre.ask(
            "POST", f"schedules/{centre.schedule}/exceptions", {"local_date": day(5).isoformat(), "action": "remove"}
        )
        gone = await centre.ask("DELETE", f"schedules/{centre.schedule}/exceptions/{added.json()['id']}")
        assert gone.status_code == 204
    versions = [
        e["version"] for e in await centre.events("availability_changed") if e["local_date"] == day(5).isoformat()
    ]
    assert len(versions) == 5
    assert versions == sorted(set(versions))


async def test_dry_run_tells_and_writes_nothing(centre: Centre) -> None:
    await centre.put(sent())
    inside, outside = await centre.visit(3, "09:00"), await centre.visit(3, "11:00")
    before = await centre.stored()
    answer = (await centre.put(sent("09:00", "10:00"), query="?dry_run=true")).json()
    assert [item["appointment_id"] for item in answer["outside"]] == [str(outside)]
    assert answer["dry_run"] is True
    assert await centre.stored() == before
    assert await centre.conflicts() == {}
    real = (await centre.put(sent("09:00", "10:00"))).json()
    assert real["outside"] == answer["outside"]
    assert await centre.conflicts() == {outside: "schedule"}
    assert str(inside) not in str(real["outside"])
    assert await centre.sound()


async def test_a_visit_is_flagged_never_deleted_and_unflagged_when_time_opens_again(centre: Centre) -> None:
    await centre.put(sent())
    visit = await centre.visit(3, "11:00")
    await centre.put()
    assert await centre.conflicts() == {visit: "schedule"}
    await centre.put(sent("10:00", "12:00"))
    assert await centre.conflicts() == {}
    assert await centre.free(3) == ["10:00", "10:20", "10:40", "11:20", "11:40"]
    assert await centre.sound()


async def test_windows_at_once_are_refused_across_sites_and_days(centre: Centre) -> None:
    other = await centre.w.schedule(centre.doctor, await centre.w.site(centre.id))
    await centre.put(sent("20:00", "01:00"))
    assert code(await centre.put(sent(), sent("11:00", "13:00"), query="?dry_run=true")) == (409, "WINDOW_CLASH")
    clash = await centre.put(sent("19:00", "21:00"), schedule=other)
    assert code(clash) == (409, "WINDOW_CLASH")
    first = clash.json()["clashes"][0]
    assert datetime.fromisoformat(first["end"]) - datetime.fromisoformat(first["start"]) == timedelta(hours=1)
    assert code(await centre.put(sent("00:30", "02:00"), schedule=other)) == (409, "WINDOW_CLASH")
    assert (await centre.put(sent("01:00", "02:00"), schedule=other)).status_code == 200
    night = {
        "local_date": day(4).isoformat(),
        "action": "add",
        "opening": {"local_start": "00:15", "local_end": "00:45"},
    }
    assert code(await centre.ask("POST", f"schedules/{other}/exceptions", night)) == (409, "WINDOW_CLASH")


async def test_a_room_is_used_once_at_a_time(centre: Centre) -> None:
    room = str(await centre.w.room(centre.id, centre.site))
    colleague = await centre.w.schedule(await centre.w.practitioner(centre.id), centre.site)
    assert (await centre.put(sent(room_id=room))).status_code == 200
    assert code(await centre.put(sent("11:00", "13:00", room_id=room), schedule=colleague)) == (409, "ROOM_CLASH")
    assert (await centre.put(sent("12:00", "13:00", room_id=room), schedule=colleague)).status_code == 200


async def test_two_managers_at_once_cannot_make_a_clash(centre: Centre) -> None:
    others = [await centre.w.schedule(centre.doctor, await centre.w.site(centre.id)) for _ in range(3)]
    schedules = [centre.schedule, *others]
    answers = await asyncio.gather(*(centre.put(sent(), schedule=each) for each in schedules))
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    assert await centre.sound()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rrule": "FREQ=SECONDLY"}, "RRULE_UNSUPPORTED"),
        ({"rrule": "FREQ=DAILY;BYHOUR=3"}, "RRULE_UNSUPPORTED"),
        ({"rrule": "nonsense"}, "RRULE_UNSUPPORTED"),
        ({"local_start": "24:00"}, "TIME_INVALID"),
        ({"local_start": "9:00"}, "TIME_INVALID"),
        ({"first_date": "2027-02-30"}, "TIME_INVALID"),
        ({"first_date": 20270101}, "TIME_INVALID"),
        ({"first_date": "1027-01-01"}, "TIME_INVALID"),
        ({"step_minutes": 7}, None),
        ({"step_minutes": 0}, None),
        ({"modes": []}, None),
        ({"modes": ["letter"]}, None),
        ({"audiences": ["everybody"]}, None),
        ({"reason_ids": ["00000000-0000-0000-0000-000000000001"]}, "NOT_FOUND"),
        ({"room_id": "00000000-0000-0000-0000-000000000001"}, "NOT_FOUND"),
        ({"organisation_id": "00000000-0000-0000-0000-000000000001"}, "FIELD_NOT_ALLOWED"),
        ({"kind": "party"}, None),
    ],
)
async def test_bad_rules_are_refused_and_nothing_is_stored(
    centre: Centre, fields: dict[str, Any], expected: str | None
) -> None:
    answer = await centre.put(sent(**fields))
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    codes = {problem["code"], *(error["code"] for error in problem["errors"])}
    assert expected is None or expected in codes
    assert all(error["pointer"].startswith("/rules/0") for error in problem["errors"])
    assert await centre.stored() == []


async def test_a_rule_that_never_opens_and_an_excess_over_the_contract_are_told(centre: Centre) -> None:
    await centre.w.connection.execute(
        """INSERT INTO contract (organisation_id, practitioner_id, weekly_minutes, during)
           VALUES ($1, $2, 1000, '[2020-01-01,)')""",
        centre.id,
        centre.doctor,
    )
    week = sent(end="13:00", rrule=WEEKDAYS)
    answer = (await centre.put(week, sent(rrule="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"))).json()
    assert answer["warnings"] == [
        {"code": "RULE_NEVER_OPENS", "pointer": "/rules/1"},
        {"code": "OVER_CONTRACT", "pointer": None},
    ]


async def test_the_version_asked_must_be_the_present_one(centre: Centre) -> None:
    assert (await centre.put(sent(), headers={"If-Match": '"1"'})).headers["etag"] == '"2"'
    stale = await centre.put(sent(), headers={"If-Match": '"1"'})
    assert code(stale) == (412, "VERSION_STALE")


async def test_exceptions_change_one_day(centre: Centre) -> None:
    await centre.put(sent())
    rule_id = (await centre.ask("GET", f"schedules/{centre.schedule}")).json()["rules"][0]["id"]
    path = f"schedules/{centre.schedule}/exceptions"
    shorter = {"local_start": "10:00", "local_end": "10:40"}
    changed = await centre.ask(
        "POST", path, {"local_date": day(2).isoformat(), "action": "change", "rule_id": rule_id, "opening": shorter}
    )
    assert changed.status_code == 201, changed.text
    added = await centre.ask(
        "POST",
        path,
        {"local_date": day(3).isoformat(), "action": "add", "opening": {"local_start": "14:00", "local_end": "14:20"}},
    )
    assert added.status_code == 201, added.text
    assert await centre.free(2) == ["10:00", "10:20"]
    assert (await centre.free(3))[-1] == "14:00"
    assert len((await centre.ask("GET", f"schedules/{centre.schedule}")).json()["exceptions"]) == 2
    assert (await centre.ask("DELETE", f"{path}/{changed.json()['id']}")).status_code == 204
    assert len(await centre.free(2)) == 9
    assert (await centre.ask("DELETE", f"{path}/{changed.json()['id']}")).status_code == 404
    assert await centre.sound()


async def test_a_day_can_be_tried_before_it_is_changed(centre: Centre) -> None:
    await centre.put(sent())
    inside = await centre.visit(2, "09:00")
    path = f"schedules/{centre.schedule}/exceptions"
    body = {"local_date": day(2).isoformat(), "action": "remove"}
    before = await centre.free(2)
    tried = await centre.ask("POST", f"{path}?dry_run=true", body)
    assert tried.status_code == 201, tried.text
    told = tried.json()
    assert (told["id"], told["dry_run"], told["conflicts"]) == (None, True, 1)
    assert [each["appointment_id"] for each in told["outside"]] == [str(inside)]
    assert await centre.free(2) == before
    assert await centre.conflicts() == {}
    assert (await centre.ask("GET", f"schedules/{centre.schedule}")).json()["exceptions"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"local_date": "2026-01-01", "action": "remove"},
        {"local_date": "{3}", "action": "add"},
        {"local_date": "{3}", "action": "remove", "opening": {"local_start": "09:00", "local_end": "10:00"}},
        {"local_date": "{3}", "action": "change", "opening": {"local_start": "09:00", "local_end": "10:00"}},
        {"local_date": "{400}", "action": "remove"},
    ],
)
async def test_unfit_exceptions_are_refused(centre: Centre, body: dict[str, object]) -> None:
    text = str(body["local_date"])
    ready = {**body, "local_date": day(int(text.strip("{}"))).isoformat() if text.startswith("{") else text}
    assert (await centre.ask("POST", f"schedules/{centre.schedule}/exceptions", ready)).status_code == 422


async def test_an_absence_closes_at_once_flags_visits_and_ends_holds(centre: Centre) -> None:
    await centre.put(sent())
    before, inside = await centre.visit(2, "09:00"), await centre.visit(2, "11:00")
    hold = await _hold(centre, at(2, "10:40"))
    body = {
        "practitioner_id": str(centre.doctor),
        "start": at(2, "10:00").isoformat(),
        "end": at(4, "10:00").isoformat(),
        "kind": "sick",
    }
    answer = await centre.ask("POST", "absences", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["conflicts"] == 1
    assert await centre.free(2) == ["09:20", "09:40"]
    assert await centre.free(3) == []
    assert (await centre.free(4))[0] == "10:00"
    assert await centre.conflicts() == {inside: "absence"}
    assert before not in await centre.conflicts()
    assert [tuple(row) for row in await centre.rows("SELECT state FROM hold WHERE id = $1", hold)] == [("released",)]
    assert await centre.rows("SELECT FROM busy WHERE hold_id = $1", hold) == []
    (event,) = await centre.events("absence_changed")
    assert event["active"] is True
    assert "sick" not in json.dumps(event)
    hours = [e for e in await centre.events("clinic_hours_changed") if e["date"] == day(2).isoformat()][-1]
    assert [datetime.fromisoformat(i["end"]) for i in hours["intervals"]] == [at(2, "10:00")]
    assert await centre.sound()

    listed = (await centre.ask("GET", "absences")).json()["items"]
    assert [item["kind"] for item in listed] == ["sick"]
    lifted = await centre.ask("DELETE", f"absences/{answer.json()['id']}")
    assert lifted.status_code == 204, lifted.text
    assert await centre.conflicts() == {}
    assert (await centre.free(2))[0] == "09:20"
    assert [e["active"] for e in await centre.events("absence_changed")] == [True, False]
    assert await centre.sound()


async def _hold(centre: Centre, start: datetime) -> UUID:
    hold, during = new_id(), asyncpg.Range(start, start + timedelta(minutes=20))
    await centre.w.connection.execute(
        """INSERT INTO hold (id, organisation_id, reason_id, mode, schedule_id, practitioner_id, site_id,
        resource_ids, during, occupied, audience, owner, expires_at, created_at)
           VALUES ($1, $2, $3, 'on_site', $4, $5, $6, $7, $8, $8, 'public', 'visitor:test', $9, $10)""",
        hold, centre.id, centre.reason, centre.schedule, centre.doctor, centre.site, [centre.doctor], during,
        clock.now() + timedelta(minutes=10), clock.now(),
    )  # fmt: skip
    await centre.w.connection.execute(
        """INSERT INTO busy (organisation_id, resource_id, during, hold_id, expires_at)
           SELECT organisation_id, $2, during, id, expires_at FROM hold WHERE id = $1""",
        hold, centre.doctor,
    )  # fmt: skip
    await centre.w.settle(centre.doctor)
    return hold


async def test_a_closure_closes_a_site_for_everybody(centre: Centre) -> None:
    await centre.put(sent())
    colleague = await centre.w.practitioner(centre.id)
    await centre.w.schedule(colleague, centre.site, rule("09:00", "10:00"))
    visit = await centre.visit(2, "09:00")
    hold = await _hold(centre, at(2, "10:40"))
    body = {"site_id": str(centre.site), "start": at(2, "00:00").isoformat(), "end": at(3, "00:00").isoformat()}
    answer = await centre.ask("POST", "closures", body)
    assert (answer.status_code, answer.json()["conflicts"]) == (201, 1)
    assert await centre.free(2) == []
    assert len(await centre.free(3)) == 9
    assert await centre.conflicts() == {visit: "closure"}
    assert await centre.rows("SELECT FROM busy WHERE hold_id = $1", hold) == []
    assert len((await centre.ask("GET", f"closures?site={centre.site}")).json()["items"]) == 1
    assert await centre.sound()
    assert (await centre.ask("DELETE", f"closures/{answer.json()['id']}")).status_code == 204
    assert len(await centre.free(2)) == 9
    assert await centre.conflicts() == {}
    assert await centre.sound()


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 2), (1, 2000)])
async def test_an_absence_without_sense_is_refused(centre: Centre, start: int, end: int) -> None:
    body = {
        "practitioner_id": str(centre.doctor),
        "start": at(start, "10:00").isoformat(),
        "end": at(end, "10:00").isoformat(),
    }
    assert code(await centre.ask("POST", "absences", body)) == (422, "TIME_INVALID")


async def test_a_rest_after_a_duty_is_not_lifted_by_hand(centre: Centre) -> None:
    rest = new_id()
    await centre.w.connection.execute(
        """INSERT INTO absence (id, organisation_id, practitioner_id, during, kind, source)
           VALUES ($1, $2, $3, $4, 'rest', 'permanence')""",
        rest, centre.id, centre.doctor, asyncpg.Range(at(2, "00:00"), at(2, "12:00")),
    )  # fmt: skip
    assert code(await centre.ask("DELETE", f"absences/{rest}")) == (409, "REST_IS_LAW")


async def test_who_may_write(centre: Centre) -> None:
    """Own organisation for managers and front desk, oneself for practitioners, nobody else; another centre is not
    even there.
    """
    body = {
        "practitioner_id": str(centre.doctor),
        "start": at(2, "10:00").isoformat(),
        "end": at(2, "11:00").isoformat(),
    }
    stranger, herself = practitioner(centre.id), practitioner(centre.id, person=centre.person)
    assert code(await centre.ask("POST", "absences", body, caller=stranger)) == (403, "NOT_ALLOWED")
    assert (await centre.ask("POST", "absences", body, caller=herself)).status_code == 201
    assert (await centre.ask("POST", "absences", body, caller=front_desk(centre.id))).status_code == 201
    assert code(await centre.ask("POST", "absences", body, caller=manager(new_id()))) == (404, "NOT_FOUND")
    assert code(await centre.ask("POST", "absences", body, caller=telesecretary(new_id(), centre.id))) == (
        403,
        "NOT_ALLOWED",
    )
    assert len((await centre.ask("GET", "absences", caller=herself)).json()["items"]) == 2
    assert (await centre.ask("GET", "absences", caller=stranger)).json()["items"] == []
    assert (await centre.ask("GET", "schedules", caller=visitor())).status_code == 403
    assert code(await centre.put(sent(), caller=manager(new_id()))) == (404, "NOT_FOUND")
    closing = {"site_id": str(centre.site), "start": body["start"], "end": body["end"]}
    assert code(await centre.ask("POST", "closures", closing, caller=herself)) == (403, "NOT_ALLOWED")


async def test_the_horizon_moves_with_the_days(centre: Centre) -> None:
    """The timed job writes the days that are missing and leaves the others as they are."""
    await centre.put(sent())
    await centre.w.connection.execute("DELETE FROM availability WHERE local_date > $1", day(170))
    await centre.w.connection.execute("UPDATE schedule SET expanded_to = $1", day(171))
    before = await centre.stored()
    assert await extend_one(await centre.w.tx())
    after = await centre.stored()
    assert after[: len(before)] == before
    assert len(after) == 180
    assert not await extend_one(await centre.w.tx())


async def test_a_booking_that_commits_meanwhile_is_seen_by_a_recomputation(centre: Centre) -> None:
    """A recomputation that waits for a booking's lock must not write free time from before that booking."""
    await centre.put(sent())
    patient = await centre.w.patient(centre.id)
    async with world(centre.running.database_url) as other:
        booking = centre.w.connection.transaction()
        await booking.start()
        await centre.w.booking(centre.schedule, patient, centre.reason, at(2, "09:00"))
        during = asyncpg.Range(at(2, "00:00"), at(3, "00:00"))
        waiting = asyncio.create_task(availability.recompute(await other.tx(), [centre.doctor], during))
        await _waits_for_a_lock(other, centre)
        await booking.commit()
        await waiting
    assert (await centre.free(2))[0] == "09:20"
    assert await centre.sound()


async def _waits_for_a_lock(other: World, centre: Centre) -> None:
    pid, sql = other.connection.get_server_pid(), "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)"

    async def waits() -> bool:
        return bool(await centre.w.connection.fetchval(sql, pid))

    await soon(waits)


async def test_bookings_and_changes_of_schedule_at_once_leave_no_trace_of_each_other(centre: Centre) -> None:
    """Whatever order they commit in: stored free time is right, and each visit lies in open time or is flagged."""
    await centre.put(sent("08:00", "18:00"))
    patients = [await centre.w.patient(centre.id) for _ in range(12)]
    caller = telesecretary(new_id(), centre.id)

    async def book(number: int, patient: UUID) -> int:
        start = (at(3, "08:00") + timedelta(minutes=40 * number)).isoformat()
        where = {"reason_id": str(centre.reason), "mode": "on_site", "site_id": str(centre.site)}
        body = {**where, "practitioner_id": str(centre.doctor), "start": start, "patient_id": str(patient)}
        return (await centre.ask("POST", "appointments", body, caller=caller)).status_code

    away = {"practitioner_id": str(centre.doctor), "kind": "leave"}
    away |= {"start": at(3, "10:00").isoformat(), "end": at(3, "12:00").isoformat()}
    closing = {"site_id": str(centre.site), "start": at(3, "15:00").isoformat(), "end": at(3, "16:00").isoformat()}
    bookings = asyncio.gather(*(book(number, patient) for number, patient in enumerate(patients)))
    absence, closure, rules = await asyncio.gather(
        centre.ask("POST", "absences", away),
        centre.ask("POST", "closures", closing),
        centre.put(sent("08:00", "14:00"), sent("14:00", "17:00")),
    )
    booked = await bookings
    assert (absence.status_code, closure.status_code, rules.status_code) == (201, 201, 200)
    assert set(booked) <= {201, 409}
    assert await centre.sound()


async def test_the_invariants_see_what_is_wrong(centre: Centre) -> None:
    """A check that cannot fail proves nothing."""
    await centre.put(sent())
    await centre.visit(2, "09:00")
    assert await centre.sound()
    await centre.w.connection.execute(
        "UPDATE availability SET free = during::tstzmultirange WHERE local_date = $1", day(2)
    )
    assert not await centre.sound()
    await centre.w.settle(centre.doctor)
    assert await centre.sound()
    await centre.w.connection.execute("DELETE FROM availability WHERE local_date = $1", day(2))
    assert not await centre.sound()

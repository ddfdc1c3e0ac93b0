"""Free times over HTTP, on real availability: who is offered what, from which instant, and never past."""

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio

from appointments.main import service
from appointments.slots.schemas import Wish
from appointments.slots.service import alternatives
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import Running
from tests.harness.appointments_world import World, rule, world
from tests.harness.people import professional, telesecretary, visitor

PARIS = ZoneInfo("Europe/Paris")


class Place:
    """A centre with one site and one reason, and the door to the service."""

    def __init__(self, running: Running, w: World) -> None:
        self.running, self.w = running, w
        self.centre = self.site = self.reason = UUID(int=0)

    async def build(self) -> "Place":
        self.centre = await self.w.organisation()
        self.site = await self.w.site(self.centre, "autun")
        self.reason = await self.w.reason(self.centre, "consultation")
        return self

    async def doctor(self, *rules: dict[str, object], site: UUID | None = None) -> tuple[UUID, UUID]:
        who = await self.w.practitioner(self.centre)
        return who, await self.w.schedule(who, site or self.site, *rules)

    async def get(self, path: str = "slots", *, caller: Principal | None = None, **params: Any) -> httpx.Response:
        principal = caller or telesecretary(new_id(), self.centre)
        async with self.running.client(principal) as client:
            return await client.get(f"/v1/{path}", params={"reason": "consultation", **params})

    async def starts(self, **params: Any) -> list[str]:
        answer = await self.get(**params)
        assert answer.status_code == 200, answer.text
        return [item["start"] for item in answer.json()["items"]]


@pytest_asyncio.fixture
async def place(running_service: Callable[..., Running]) -> AsyncIterator[Place]:
    running = running_service(service)
    async with world(running.database_url) as w:
        yield await Place(running, w).build()


def day(ahead: int) -> date:
    return clock.now().astimezone(PARIS).date() + timedelta(days=ahead)


def at(ahead: int, hour: str) -> datetime:
    return datetime.combine(day(ahead), time.fromisoformat(hour), tzinfo=PARIS)


def between(first: int, last: int) -> dict[str, Any]:
    """The parameters that ask for the local days from `first` on, `last` excluded."""
    return {"from": at(first, "00:00").isoformat(), "to": at(last, "00:00").isoformat()}


def of(ahead: int) -> dict[str, Any]:
    """The parameters that ask for one local day."""
    return between(ahead, ahead + 1)


async def test_doctors_free_at_one_start_are_one_item_with_the_local_offset(place: Place) -> None:
    one, schedule = await place.doctor(rule("09:00", "10:00"))
    two, _ = await place.doctor(rule("09:00", "10:00"))
    patient = await place.w.patient(place.centre)
    await place.w.booking(schedule, patient, place.reason, at(2, "09:40"))
    answer = await place.get(**of(2))
    items = answer.json()["items"]
    assert [item["start"] for item in items] == [at(2, h).isoformat() for h in ("09:00", "09:20", "09:40")]
    assert items[0]["practitioners"] == [str(two), str(one)], "the least booked of the day first"
    assert items[2]["practitioners"] == [str(two)]
    assert items[0]["end"] == at(2, "09:20").isoformat()
    assert items[0]["site_id"] == str(place.site)


async def test_a_short_visit_moves_the_rhythm(place: Place) -> None:
    """Scenario 3, from stored rows."""
    _, schedule = await place.doctor(rule("09:00", "12:00"))
    await place.w.booking(schedule, await place.w.patient(place.centre), place.reason, at(3, "09:00"), 15)
    assert (await place.starts(**of(3), limit=2)) == [at(3, "09:15").isoformat(), at(3, "09:35").isoformat()]


async def test_pages_follow_one_another_without_gap_or_repeat(place: Place) -> None:
    other = await place.w.site(place.centre, "digoin")
    for site in (place.site, other):
        for _ in range(3):
            await place.doctor(rule("09:00", "11:00"), rule("14:00", "15:00"), site=site)
    whole = (await place.get(**of(2), limit=200)).json()["items"]
    found: list[dict[str, object]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (await place.get(**of(2), limit=4, **cursor)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == whole
    assert len({(item["start"], item["site_id"]) for item in whole}) == len(whole) == 2 * 9


async def test_all_three_ways_of_asking_agree(place: Place) -> None:
    """By nothing, by site, by practitioner: other indexes, the same times."""
    who, _ = await place.doctor(rule("08:00", "12:00"), rule("14:00", "18:00"))
    span = {"from": clock.now().isoformat(), "to": (clock.now() + timedelta(days=20)).isoformat(), "limit": 200}
    by_nothing = await place.starts(**span)
    assert len(by_nothing) == 200
    assert await place.starts(**span, site="autun") == by_nothing
    assert await place.starts(**span, practitioner=str(who)) == by_nothing
    assert await place.starts(**span, practitioner=str(who), site=str(place.site)) == by_nothing


async def test_no_past_time_and_a_window_in_progress_keeps_its_rhythm(place: Place) -> None:
    """The window has begun: what is offered lies ahead, on the rhythm counted from the start of the window.

    Hours set up after midnight do not begin the day before.
    """
    now = clock.now()
    midnight = now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = max(midnight, (now - timedelta(minutes=47)).astimezone(PARIS).replace(second=0, microsecond=0))
    ends = begun + timedelta(hours=4)
    hours = rule(begun.strftime("%H:%M"), ends.strftime("%H:%M"))
    await place.doctor(hours)
    starts = [datetime.fromisoformat(s) for s in await place.starts(site="autun")]
    assert all(start > now for start in starts)
    first = begun + timedelta(minutes=-begun.minute % 5)
    assert (starts[0] - first) % timedelta(minutes=20) == timedelta(0)
    assert starts[0] - now <= timedelta(minutes=20)


async def test_unscheduled_times_open_to_the_public_at_their_hour(place: Place) -> None:
    """Scenario 12: for the regulator at once; for the public from the release on, not before."""
    released = (clock.now() - timedelta(minutes=5)).astimezone(PARIS)
    later = (clock.now() + timedelta(hours=3)).astimezone(PARIS)
    for name, moment in (("now", released), ("later", later)):
        release = {
            "audience": "public",
            "days_before": (day(3) - moment.date()).days,
            "local_time": moment.strftime("%H:%M"),
        }
        site = await place.w.site(place.centre, name)
        window = rule("14:00", "16:00", kind="unscheduled", audiences=["regulator"], releases=[release])
        await place.doctor(window, site=site)
    regulator = professional("regulator", new_id(), place.centre)
    assert len(await place.starts(caller=regulator, **of(3), site="later")) == 6
    assert len(await place.starts(caller=visitor(), **of(3), site="now")) == 6
    assert await place.starts(caller=visitor(), **of(3), site="later") == []
    assert await place.starts(**of(3), site="later") == [], "the secretariat has no share in it"


async def test_a_reason_closed_to_an_audience_does_not_exist_for_it(place: Place) -> None:
    await place.w.reason(place.centre, "reserved", bookable_by=["secretariat"])
    await place.doctor(rule("09:00", "10:00"))
    assert (await place.get(reason="reserved", **of(2))).status_code == 200
    refused = await place.get(reason="reserved", caller=visitor(), **of(2))
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")


async def test_notice_and_horizon_of_a_reason(place: Place) -> None:
    await place.w.reason(place.centre, "planned", min_notice_minutes=3 * 24 * 60, max_ahead_days=5)
    await place.doctor(rule("09:00", "09:20"))
    span = between(0, 20)
    starts = [datetime.fromisoformat(s) for s in await place.starts(reason="planned", **span)]
    assert starts
    assert all(clock.now() + timedelta(days=3) <= s <= clock.now() + timedelta(days=5) for s in starts)


async def test_windows_for_other_reasons_modes_and_professions_are_left_out(place: Place) -> None:
    vaccine = await place.w.reason(place.centre, "vaccine")
    await place.doctor(rule("09:00", "09:20", reason_ids=[vaccine]))
    await place.doctor(rule("10:00", "10:20", modes=["home"]))
    await place.doctor(rule("11:00", "11:20", kind="admin"))
    nurse = await place.w.practitioner(place.centre, "nurse")
    await place.w.schedule(nurse, place.site, rule("12:00", "12:20"))
    assert await place.starts(**of(2)) == []
    assert await place.starts(reason="vaccine", **of(2)) == [at(2, "09:00").isoformat()]


async def test_each_mode_has_its_length(place: Place) -> None:
    modes = [{"mode": "on_site", "minutes": 30, "buffer_minutes": 10}, {"mode": "teleconsultation", "minutes": 15}]
    await place.w.reason(place.centre, "both", modes=modes)
    await place.doctor(rule("09:00", "09:45", modes=["on_site", "teleconsultation"]))
    answer = await place.get(reason="both", **of(2))
    found = [(item["start"][11:16], item["mode"]) for item in answer.json()["items"]]
    assert found == [
        ("09:00", "on_site"),
        ("09:00", "teleconsultation"),
        ("09:15", "teleconsultation"),
        ("09:30", "teleconsultation"),
    ]


async def test_a_first_visit_is_longer(place: Place) -> None:
    await place.w.reason(place.centre, "gp", modes=[{"mode": "on_site", "minutes": 20, "first_visit_minutes": 30}])
    await place.doctor(rule("09:00", "10:00"))
    assert len(await place.starts(reason="gp", **of(2))) == 3
    assert len(await place.starts(reason="gp", first_visit="true", **of(2))) == 2


async def test_local_hours_are_local_in_winter_and_summer(place: Place) -> None:
    await place.doctor(rule("08:00", "20:00"))
    starts = await place.starts(
        **between(1, 40),
        after="17:00",
        before="18:00",
        limit=200,
    )
    assert starts
    assert {s[11:16] for s in starts} == {"17:00", "17:20", "17:40"}


async def test_a_pair_of_doctor_and_nurse_and_a_room(place: Place) -> None:
    """Offered only when doctor, nurse and a room with the tag are free together."""
    needs = [{"kind": "practitioner", "profession": "nurse"}, {"kind": "room", "tag": "minor"}]
    await place.w.reason(place.centre, "stitches", needs=needs)
    await place.doctor(rule("08:00", "12:00"))
    assert await place.starts(reason="stitches", **of(2)) == []
    nurse = await place.w.practitioner(place.centre, "nurse")
    await place.w.schedule(nurse, place.site, rule("09:10", "09:50"))
    await place.w.room(place.centre, place.site, "other")
    assert await place.starts(reason="stitches", **of(2)) == []
    await place.w.room(place.centre, place.site, "minor")
    assert await place.starts(reason="stitches", **of(2)) == [at(2, "09:10").isoformat(), at(2, "09:30").isoformat()]


async def test_days_with_room(place: Place) -> None:
    _, schedule = await place.doctor(rule("09:00", "10:00"))
    for hour in ("09:00", "09:20", "09:40"):
        await place.w.booking(schedule, await place.w.patient(place.centre), place.reason, at(2, hour))
    await place.w.booking(schedule, await place.w.patient(place.centre), place.reason, at(3, "09:20"))
    answer = await place.get("days", **between(1, 30), limit=3)
    assert answer.json()["items"] == [
        {"date": day(1).isoformat(), "times": 3},
        {"date": day(3).isoformat(), "times": 2},
        {"date": day(4).isoformat(), "times": 3},
    ]


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"to": "{now+63}"}, 422, "RANGE_TOO_WIDE"),
        ({"from": "{now+3}", "to": "{now+2}"}, 422, "TIME_INVALID"),
        ({"from": "2027-02-30T09:00:00+01:00"}, 422, None),
        ({"from": "2027-02-01T09:00:00"}, 422, "TIME_INVALID"),
        ({"from": "tomorrow"}, 422, "TIME_INVALID"),
        ({"reason": "unknown"}, 404, "NOT_FOUND"),
        ({"reason": "\u0000"}, 422, None),
        ({"site": "nowhere"}, 404, "NOT_FOUND"),
        ({"practitioner": "x"}, 422, None),
        ({"mode": "letter"}, 422, None),
        ({"after": "25:00"}, 422, "TIME_INVALID"),
        ({"limit": "0"}, 422, None),
        ({"cursor": "AAAA"}, 422, "CURSOR_INVALID"),
        (
            {"cursor": "WyI5OTk5OTk5OTk5OTk5OTk5IiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIiwieCJd"},
            422,
            "CURSOR_INVALID",
        ),
    ],
)
async def test_bad_questions_are_refused(place: Place, params: dict[str, Any], status: int, code: str | None) -> None:
    def moment(text: str) -> str:
        ahead = text.removeprefix("{now+").removesuffix("}")
        return (clock.now() + timedelta(days=int(ahead), minutes=1)).isoformat() if text.startswith("{now") else text

    asked: dict[str, Any] = {name: moment(value) for name, value in params.items()}
    answer = await place.get(**asked)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert code is None or code in {problem["code"], *(e["code"] for e in problem.get("errors", []))}


async def test_other_organisations_are_out_of_reach_for_professionals_only(place: Place) -> None:
    """A telesecretary reaches those who delegate; a visitor sees the public times of the territory."""
    await place.doctor(rule("09:00", "09:20"))
    stranger = telesecretary(new_id())
    assert (await place.get(caller=stranger, **of(2))).status_code == 404
    assert len(await place.starts(caller=visitor(), **of(2))) == 1


async def test_alternatives_are_like_the_wished_time(place: Place) -> None:
    """The same doctor first, then others at the site, from the wished time on."""
    who, schedule = await place.doctor(rule("09:00", "09:40"))
    await place.doctor(rule("09:00", "10:00"))
    patient = await place.w.patient(place.centre)
    await place.w.booking(schedule, patient, place.reason, at(2, "09:00"))
    wish = Wish(reason_id=place.reason, mode="on_site", site_id=place.site, start=at(2, "09:00"), practitioner_id=who)
    found = await alternatives(await place.w.tx(), wish, 5)
    assert len(found) == 5
    first = found[0]
    assert isinstance(first, dict)
    assert first["start"] == at(2, "09:20").isoformat()
    assert first["practitioners"] == [str(who)]

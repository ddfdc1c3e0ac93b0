"""What may happen to visits in a history: each act with its weight, and what its answer must not be."""

import asyncio
from datetime import timedelta
from typing import Any

from appointments.appointments import changes
from appointments.appointments import service as appointments
from appointments.appointments.domain import Event
from appointments.appointments.schemas import ActIn, BookIn, MissIn, MoveIn
from appointments.holds import service as holds
from appointments.holds.schemas import HoldIn
from appointments.needs.consumers import call_completed
from appointments.series import service as series
from appointments.series.schemas import SeriesIn
from contracts.telesecretariat import CallCompleted
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.refusals import Refusal
from tests.integration.appointments.agenda_history import ACTS, History, Pick, act
from tests.integration.appointments.agenda_provider import Broken, must

LIVE = "status IN ('pending', 'booked')"
LATE = timedelta(hours=24)


@act(12)
async def book(h: History, p: Pick) -> None:
    body = BookIn(**h.centre.slot(p.a, p.b, p.c), patient_id=await h.person(p))
    made = await h.centre.do(h.centre.staff.desk, appointments.book, body)
    must(made.status == "booked" and made.version == 1, "a booking of the desk waits")


@act(4)
async def book_online(h: History, p: Pick) -> None:
    body = BookIn(**h.centre.slot(p.c, p.b, p.a), patient_id=h.centre.patients[p.a % 3])
    made = await h.centre.do(h.centre.staff.public[p.a % 3], appointments.book, body)
    asked = made.reason_id == h.centre.reasons["asked"]
    must(made.status == ("pending" if asked else "booked"), "a request is no booking")


@act(3)
async def overbook(h: History, p: Pick) -> None:
    who, visit = await h.person(p), await h.some("appointment", p.b, LIVE)
    start = visit["during"].lower + timedelta(minutes=5 * (p.c % 5))
    body = BookIn(
        reason_id=visit["reason_id"], site_id=visit["site_id"], practitioner_id=visit["practitioner_id"],
        start=start, patient_id=who, overbook=True, overbook_reason="fever" if p.c else None,
    )  # fmt: skip
    await h.centre.do(h.centre.staff.front, appointments.book, body)
    must(p.c != 0, "10: overbooked without a reason")


@act(3)
async def hold(h: History, p: Pick) -> None:
    who: Principal = h.centre.staff.public[p.a % 3] if p.flag else h.centre.staff.desk
    call = None if p.flag else new_id()
    await h.centre.do(who, holds.hold, HoldIn(**h.centre.slot(p.a, p.b, p.c), call_id=call))


def _owner(h: History, owner: str) -> Principal:
    staff = h.centre.staff
    found = [who for who in staff.public if f"visitor:{who.visitor}" == owner]
    return found[0] if found else staff.desk


OWN = "owner NOT LIKE 'offer:%' AND owner NOT LIKE 'campaign:%'"


@act(1)
async def extend(h: History, p: Pick) -> None:
    held = await h.some("hold", p.b, OWN)
    who = _owner(h, held["owner"])
    await h.centre.do(who, holds.renew if p.flag else holds.extend, held["id"])


@act(1)
async def release(h: History, p: Pick) -> None:
    held = await h.some("hold", p.b, OWN)
    await h.centre.do(_owner(h, held["owner"]), holds.release, held["id"])


@act(1)
async def end_call(h: History, p: Pick) -> None:
    held = await h.some("hold", p.b, "call_id IS NOT NULL")
    said: dict[str, Any] = {"call_id": held["call_id"], "patient_id": None}  # all that is read of it here
    event = CallCompleted.model_construct(**said)
    await h.centre.do(h.centre.staff.system, call_completed, event, None)  # type: ignore[arg-type]


@act(5)
async def confirm_hold(h: History, p: Pick) -> None:
    held = await h.some("hold", p.b % 3, OWN)
    who = _owner(h, held["owner"])
    patient = h.centre.patients[p.a % 3] if who.kind == "patient" else await h.person(p)
    body = BookIn(hold_id=held["id"], patient_id=patient)
    made = await h.centre.do(who, appointments.book, body)
    must(held["expires_at"] > clock.now() - timedelta(seconds=5), "5: a dead hold was confirmed")
    must(made.start == held["during"].lower, "5: another time than was held")


@act(7)
async def move(h: History, p: Pick) -> None:
    visit = await h.some("appointment", p.b, LIVE if p.c else "true")
    slot = h.centre.slot(p.a, p.b, p.c)
    forced: dict[str, Any] = {"overbook": True, "overbook_reason": "late"} if p.flag and p.a == 0 else {}
    body = MoveIn(
        start=slot["start"], site_id=slot["site_id"], practitioner_id=slot.get("practitioner_id"),
        any_practitioner="practitioner_id" not in slot, **forced,
    )  # fmt: skip
    who = h.centre.staff.public[p.a % 3] if p.flag and p.a else h.centre.staff.front
    granted = visit["id"] if who.kind == "patient" and p.c < 8 else None
    moved = await h.centre.do(who, changes.move, visit["id"], body, visit["version"], granted=granted)
    soon = visit["during"].lower - clock.now() < timedelta(hours=2)
    must(not (soon and who.kind == "patient"), "moved too late")
    must(moved.version == visit["version"] + 1 and moved.patient_id == visit["patient_id"], "7: a move lost something")


async def _happen(h: History, p: Pick, event: Event, where: str, body: ActIn | None = None) -> None:
    visit = await h.some("appointment", p.b, where)
    who = h.centre.staff.front if p.flag else h.centre.staff.desk
    done = await h.centre.do(who, changes.act, visit["id"], event, body or ActIn(reason="x"))
    again = event == "cancel" and visit["status"] == "cancelled"
    must(done.version == visit["version"] + (0 if again else 1), f"7: {event} and its version")
    left = visit["during"].lower - clock.now()
    if event == "cancel" and not again and abs(left - LATE) > timedelta(seconds=5):
        must(done.late == (left < LATE), "late, or not")
    if event == "cancel" and who is h.centre.staff.desk and not again:
        must(left > timedelta(seconds=-5), "cancelled after its start by who may not")
    must(event not in ("fulfil", "miss", "void") or p.flag, f"{event} by who may not")


@act(7)
async def cancel(h: History, p: Pick) -> None:
    await _happen(h, p, "cancel", LIVE if p.c else "true")


@act(2)
async def cancel_online(h: History, p: Pick) -> None:
    visit = await h.some("appointment", p.b, LIVE)
    granted = visit["id"] if p.flag else None
    await h.centre.do(h.centre.staff.public[p.a % 3], changes.act, visit["id"], "cancel", ActIn(), granted=granted)


@act(2)
async def answer_request(h: History, p: Pick) -> None:
    await _happen(h, p, "confirm" if p.c % 2 else "decline", "status = 'pending'")


TODAY = "local_date <= (kit_now() AT TIME ZONE 'Europe/Paris')::date"


@act(3)
async def arrive(h: History, p: Pick) -> None:
    await _happen(h, p, "arrive", f"{TODAY} AND {LIVE}" if p.c else LIVE)


@act(2)
async def fulfil(h: History, p: Pick) -> None:
    await _happen(h, p, "fulfil", f"{TODAY} AND status IN ('booked', 'arrived')" if p.c else LIVE)


@act(2)
async def miss(h: History, p: Pick) -> None:
    await _happen(h, p, "miss", f"{TODAY} AND status = 'booked'" if p.c else LIVE, MissIn(excused=p.a > 3))


@act(1)
async def leave(h: History, p: Pick) -> None:
    await _happen(h, p, "leave", "status = 'arrived'")


@act(1)
async def void(h: History, p: Pick) -> None:
    await _happen(h, p, "void", "true", ActIn(reason="x" if p.a else None))


@act(5)
async def reopen(h: History, p: Pick) -> None:
    where = "status IN ('cancelled', 'arrived', 'fulfilled', 'noshow')"
    await _happen(h, p, "reopen", where if p.c else "true")


@act(2)
async def book_series(h: History, p: Pick) -> None:
    first = h.centre.slot(p.a, p.b, p.c)
    who = [first.pop("practitioner_id")] if "practitioner_id" in first else []
    start = first.pop("start")
    body = SeriesIn(
        **first, patient_id=await h.person(p), practitioner_ids=who,
        starts=[start + timedelta(days=n) for n in range(3)], on_conflict=("skip", "nearest", "fail")[p.c % 3],
    )  # fmt: skip
    made = await h.centre.do(h.centre.staff.desk, series.book, body, "fr")
    must(body.on_conflict != "fail" or len(made.created) == 3, "a series that may not fail has gaps")


@act(1)
async def cancel_series(h: History, p: Pick) -> None:
    found = await h.some("series", p.b)
    await h.centre.do(h.centre.staff.desk, series.cancel, found["id"], ActIn())
    rows = await h.centre.rows(
        "SELECT FROM appointment WHERE series_id = $1 AND lower(during) > kit_now() + interval '5 s' AND "
        "status IN ('pending', 'booked')", found["id"],
    )  # fmt: skip
    must(not rows, "a series was cancelled in part")


ALONE = frozenset({"both_at_once", "time_goes_on", "night", "send", "merge", "undo"})


@act(4)
async def both_at_once(h: History, p: Pick) -> None:
    """Two acts in the same moment; what the second finds is what the first has left, or not yet: only refusals and what
    is left afterwards can be judged.
    """
    names = sorted(set(ACTS) - ALONE)
    one, two = names[(p.a * 12 + p.b) % len(names)], names[(p.c * 5 + p.b) % len(names)]
    first, second = ACTS[one][1](h, p), ACTS[two][1](h, Pick(p.a, p.b, (p.c + 1) % 12, p.flag))
    for came in await asyncio.gather(first, second, return_exceptions=True):
        if isinstance(came, BaseException) and not isinstance(came, Refusal | Broken):
            raise came

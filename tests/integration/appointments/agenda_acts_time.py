"""What may happen to time in a history: waited for, offered, closed, opened, moved on; and to who is who."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from appointments.appointments import changes
from appointments.appointments.schemas import ActIn
from appointments.campaigns import answering as proposals
from appointments.campaigns import service as campaigns
from appointments.campaigns.schemas import CampaignIn, ResolveIn, SendIn
from appointments.merges import service as merges
from appointments.merges.duplicates import search_due
from appointments.merges.schemas import MergeIn
from appointments.messages.receipts.schemas import ReceiptIn
from appointments.messages.receipts.service import take
from appointments.needs.consumers import task_closed
from appointments.protocols import service as protocols
from appointments.rest import service as rest
from appointments.retention.service import nightly
from appointments.schedules import closing
from appointments.schedules import service as schedules
from appointments.schedules.schemas import AbsenceIn, ClosureIn, ExceptionIn, Opening, Rule, RulesIn
from appointments.schedules.service import extend_horizon
from appointments.waiting import answering as offers
from appointments.waiting import service as waiting
from appointments.waiting.errors import OfferExpired
from appointments.waiting.schemas import EntryIn
from contracts.permanence import RestWindowPublished
from contracts.telesecretariat import TaskClosed
from maillage import clock
from maillage.refusals import NotFound, Refusal
from tests.integration.appointments.agenda_acts import LIVE
from tests.integration.appointments.agenda_histories import BEGIN, DAYS, PARIS
from tests.integration.appointments.agenda_history import History, NothingToDo, Pick, Rest, act
from tests.integration.appointments.agenda_provider import must

# --- waiting list -----------------------------------------------------------------------------------------------------


@act(7)
async def wait(h: History, p: Pick) -> None:
    """For anything, or for a sooner time of a visit that one has."""
    centre, body = h.centre, _wanted(h, p, await h.person(p))
    if p.flag:
        visit = await h.some("appointment", p.b, f"{LIVE} AND lower(during) > kit_now()")
        linked = {
            "linked_appointment_id": visit["id"],
            "patient_id": visit["patient_id"],
            "reason_id": visit["reason_id"],
        }
        body |= {**linked, "to_date": visit["local_date"], "from_date": min(visit["local_date"], centre.today.date())}
    await centre.do(centre.staff.desk, waiting.wait, EntryIn(**body))


def _wanted(h: History, p: Pick, who: UUID) -> dict[str, Any]:
    centre, today = h.centre, h.centre.today.date()
    reason = ("visit", "long", "asked", "visit", "nurse", "visit")[p.b % 6]
    return {
        "patient_id": who, "reason_id": centre.reasons[reason], "from_date": today,
        "to_date": today + timedelta(days=p.b), "priority": 9 if p.c == 3 else 0,
        "site_ids": [centre.sites[p.c % 2]] if p.c > 9 else [], "local_to": time(10) if p.c == 4 else None,
    }  # fmt: skip


@act(9)
async def make_room(h: History, p: Pick) -> None:
    """Somebody waits, another one cancels a visit to come."""
    visit = await h.some("appointment", p.b, f"{LIVE} AND lower(during) > kit_now() + interval '7 hours'")
    with suppress(Refusal):
        await wait(h, p)
    await h.centre.do(h.centre.staff.desk, changes.act, visit["id"], "cancel", ActIn())


@act(1)
async def withdraw(h: History, p: Pick) -> None:
    entry = await h.some("waiting_entry", p.b)
    await h.centre.do(h.centre.staff.desk, waiting.withdraw, entry["id"])


@act(8)
async def accept_offer(h: History, p: Pick) -> None:
    offer = await h.some("waiting_offer", p.b, "state = 'sent'" if p.c else "true")
    entry = (await h.centre.rows("SELECT * FROM waiting_entry WHERE id = $1", offer["entry_id"]))[0]
    granted = offer["id"] if p.flag else None
    who = h.centre.staff.public[0] if p.flag else h.centre.staff.desk
    try:
        booked = await h.centre.do(who, offers.accept, offer["id"], granted=granted)
    except Refusal as refusal:
        if refusal.status in (409, 422) and not isinstance(refusal, NotFound | OfferExpired):
            await h.centre.do(who, offers.give_up_unfit, offer["id"], granted=granted)
        raise
    hold = (await h.centre.rows("SELECT lower(during) AS start FROM hold WHERE id = $1", offer["hold_id"]))[0]
    fresh = offer["state"] == "sent"  # else it is the answer of then, whoever has been merged or parted since
    must(not fresh or booked.patient_id == entry["patient_id"], "14: an offer moved somebody else's visit")
    must(not fresh or booked.start == hold["start"], "14: another time than was offered")
    must(not fresh or offer["expires_at"] > clock.now() - timedelta(seconds=5), "14: accepted too late")


@act(4)
async def decline_offer(h: History, p: Pick) -> None:
    offer = await h.some("waiting_offer", p.b, "state = 'sent'" if p.c else "true")
    await h.centre.do(h.centre.staff.desk, offers.decline, offer["id"])


# --- closed time ------------------------------------------------------------------------------------------------------


def _span(h: History, p: Pick) -> tuple[datetime, datetime]:
    """A part of a morning, a day, or two."""
    start = h.centre.moment(p.b // 3, 9 * 60 + 10 * p.c)
    return start, start + timedelta(minutes=(30, 60, 120, 180, 240, 2000)[p.a])


@act(5)
async def fall_ill(h: History, p: Pick) -> None:
    """A doctor is away when somebody comes, and what that hits becomes a campaign."""
    visit = await h.some("appointment", p.b, f"{LIVE} AND lower(during) > kit_now()")
    start = visit["during"].lower - timedelta(minutes=5 * p.c)
    end = visit["during"].upper + timedelta(minutes=30 * p.a)
    body = AbsenceIn(practitioner_id=visit["practitioner_id"], start=start, end=end, kind="sick")
    made = await h.centre.do(h.centre.staff.manager, closing.declare_absence, body)
    must(bool(made.conflicts), "3: nobody is hit")
    cause = CampaignIn(cause="absence", cause_id=made.id, send=p.flag)
    await h.centre.do(h.centre.staff.manager, campaigns.create, cause)


@act(2)
async def be_absent(h: History, p: Pick) -> None:
    start, end = _span(h, p)
    who = h.centre.doctors[p.a % 4]
    body = AbsenceIn(practitioner_id=who, start=start, end=end, kind="sick" if p.flag else "leave")
    await h.centre.do(h.centre.staff.manager, closing.declare_absence, body)


@act(4)
async def come_back(h: History, p: Pick) -> None:
    absence = await h.some("absence", p.b)
    await h.centre.do(h.centre.staff.manager, closing.lift_absence, absence["id"])
    must(absence["source"] != "permanence", "11: a rest was lifted by hand")


@act(1)
async def close_site(h: History, p: Pick) -> None:
    start, end = _span(h, p)
    body = ClosureIn(site_id=h.centre.sites[p.a % 2], start=start, end=end)
    await h.centre.do(h.centre.staff.manager, closing.close_site, body)


@act(2)
async def reopen_site(h: History, p: Pick) -> None:
    closure = await h.some("closure", p.b)
    await h.centre.do(h.centre.staff.manager, closing.reopen_site, closure["id"])


@act(5)
async def tell_rest(h: History, p: Pick) -> None:
    """One of four windows, told anew with whatever revision: moved, to somebody else, taken back, twice, late."""
    start, end = _span(h, p)
    window, number = UUID(int=p.b % 4 + 1), h.centre.rpps[p.a % 4]
    event = RestWindowPublished(
        rest_window_id=window, rpps=number, starts_at=start, ends_at=end, rule="REST", revision=p.c + h.rests_told // 6,
    )  # fmt: skip
    h.rests_told += 1
    withdrawn = p.flag and p.c % 3 == 0
    await h.centre.do(h.centre.staff.system, rest.told, event, withdrawn=withdrawn)
    h.model.told(window, Rest(event.revision, withdrawn, number, event.starts_at, event.ends_at))


@act(1)
async def change_rules(h: History, p: Pick) -> None:
    """A quarter of an hour more or less, other reasons, other modes: or hours that no contract bears."""
    schedule, begins = h.centre.schedules[p.b % len(h.centre.schedules)]
    start = time.fromisoformat(begins)
    hours = 1 + p.c % 2 if p.c < 10 else 11
    only = (h.centre.reasons["long"],) if p.a == 0 else ()
    rule = Rule(
        first_date=BEGIN.date(), rrule=DAYS, on_holidays=True, local_start=start, reason_ids=only,
        local_end=(datetime.combine(date.min, start) + timedelta(hours=hours, minutes=15 * (p.c % 4))).time(),
    )  # fmt: skip
    why = "nobody else" if p.flag else None
    await h.centre.do(
        h.centre.staff.manager, schedules.put_rules, schedule, RulesIn(rules=(rule,), override_reason=why)
    )


@act(2)
async def change_day(h: History, p: Pick) -> None:
    """A window less, or one more in the evening; or such a change taken back."""
    manager = h.centre.staff.manager
    if p.c > 7:
        known = await h.some("opening_exception", p.b)
        await h.centre.do(manager, schedules.remove_exception, known["schedule_id"], known["id"])
        return
    opening = Opening(local_start=time(17), local_end=time(18, 30))
    body = ExceptionIn(
        local_date=h.centre.today.date() + timedelta(days=p.b // 3), action="remove" if p.flag else "add",
        opening=None if p.flag else opening, override_reason="epidemic",
    )  # fmt: skip
    schedule, _ = h.centre.schedules[p.a % len(h.centre.schedules)]
    await h.centre.do(manager, schedules.add_exception, schedule, body)


@act(1)
async def change_protocol(h: History, p: Pick) -> None:
    """It ends in some days, or does not."""
    last = h.centre.today.date() + timedelta(days=p.b // 2) if p.flag else None
    manager = h.centre.staff.manager
    await h.centre.do(manager, protocols.replace_protocol, h.centre.protocol, h.centre.protocol_of(last), None)


# --- campaigns --------------------------------------------------------------------------------------------------------


@act(6)
async def begin_campaign(h: History, p: Pick) -> None:
    staff = h.centre.staff
    cause: dict[str, Any]
    if p.c % 3 == 0:
        visits = await h.centre.rows(f"SELECT id FROM appointment WHERE {LIVE} ORDER BY id DESC LIMIT 4")
        if not visits:
            raise NothingToDo
        cause = {"cause": "other", "appointment_ids": [row["id"] for row in visits]}
    else:
        found = await h.some("absence" if p.c % 3 == 1 else "closure", p.b)
        cause = {"cause": "absence" if p.c % 3 == 1 else "closure", "cause_id": found["id"]}
    await h.centre.do(staff.manager, campaigns.create, CampaignIn(**cause, send=p.flag))


@act(1)
async def prepare_campaign(h: History, p: Pick) -> None:
    campaign = await h.some("campaign", p.b, "state = 'draft'" if p.c else "true")
    await h.centre.do(h.centre.staff.manager, campaigns.prepare, campaign["id"], campaign["version"])


@act(4)
async def send_campaign(h: History, p: Pick) -> None:
    campaign = await h.some("campaign", p.b, "state = 'draft'" if p.c else "true")
    until = SendIn(deadline=clock.now() + timedelta(hours=p.a) if p.flag else None)
    await h.centre.do(h.centre.staff.manager, campaigns.send, campaign["id"], until, None)


@act(6)
async def answer_proposal(h: History, p: Pick) -> None:
    item = await h.some("campaign_item", p.b, "state = 'proposed'" if p.c else "true")
    visit, who = item["appointment_id"], h.centre.staff.public[0]
    if p.a > 3:
        await h.centre.do(who, proposals.refuse, visit, granted=visit)
        return
    moved = await h.centre.do(who, proposals.accept, visit, granted=visit)
    must(moved.patient_id == item["patient_id"], "a proposal moved somebody else's visit")
    must(item["state"] in ("proposed", "moved"), f"a proposal was accepted that was {item['state']}")


@act(5)
async def resolve(h: History, p: Pick) -> None:
    item = await h.some("campaign_item", p.b, "state IN ('proposed', 'to_call')" if p.c else "true")
    slot = h.centre.slot(p.a, p.b, p.c)
    slot.pop("reason_id")
    to = {"to": {**slot, "any_practitioner": "practitioner_id" not in slot}} if p.c % 3 == 0 and p.flag else {}
    outcome = "moved" if to else ("moved", "cancelled", "kept")[p.a % 3]
    body = ResolveIn.model_validate({"outcome": outcome, **to})
    shown = await h.centre.do(h.centre.staff.desk, proposals.resolve, item["id"], body, None)
    must(shown.state == outcome, "resolved otherwise than asked")


@act(2)
async def close_task(h: History, p: Pick) -> None:
    need = await h.some("call_need", p.b, "state = 'open'" if p.c else "true")
    said: dict[str, Any] = {"id": need["id"], "state": "done" if p.flag else "cancelled"}  # all that is read of it here
    event = TaskClosed.model_construct(**said)
    await h.centre.do(h.centre.staff.system, task_closed, event, None)  # type: ignore[arg-type]


# --- who is who -------------------------------------------------------------------------------------------------------

SPEAKING = ("appointment", "waiting_entry", "campaign_item", "call_need", "series")


async def _whose(h: History) -> dict[str, dict[UUID, UUID]]:
    found = {}
    for table in SPEAKING:
        found[table] = {
            row["id"]: row["patient_id"] for row in await h.centre.rows(f"SELECT id, patient_id FROM {table}")
        }
    return found


@act(1)
async def merge(h: History, p: Pick) -> None:
    goes, remains = h.centre.patients[p.a], h.centre.patients[p.b % 6]
    before = await _whose(h)
    body = MergeIn(from_id=goes, into_id=remains, reason="x")
    made = await h.centre.do(h.centre.staff.front, merges.merge, body)
    h.model.merges[made.id] = before
    for table, rows in (await _whose(h)).items():
        must(goes not in rows.values(), f"15: {table} points to who is merged")


@act(3)
async def undo(h: History, p: Pick) -> None:
    made = await h.some("patient_merge", p.b, "undone_at IS NULL" if p.c else "true")
    await h.centre.do(h.centre.staff.front, merges.undo, made["id"])
    now = await _whose(h)
    for table, rows in h.model.merges[made["id"]].items():
        for key, whose in rows.items():
            if whose in (made["from_id"], made["into_id"]) and key in now[table]:
                must(now[table][key] == whose, f"15: {table} came back to another one")


# --- the clock and the worker -----------------------------------------------------------------------------------------


@act(9)
async def time_goes_on(h: History, p: Pick) -> None:
    """A minute to a day; the worker comes at once, or late."""
    minutes = (1, 2, 4, 11, 16, 25, 40, 61, 120, 245, 600, 1440)[p.b]
    await h.centre.time.forward(timedelta(minutes=minutes))
    h.behind = True
    if p.flag:
        await h.work()


@act(3)
async def worker(h: History, p: Pick) -> None:
    await h.work()


@act(1)
async def night(h: History, p: Pick) -> None:
    """It is four in the morning: duplicates are looked for, old things wiped, the horizon goes on."""
    at = datetime.combine(h.centre.today.date() + timedelta(days=1), time(4), PARIS)
    await h.centre.time.to(at)
    await h.work()
    for job in (search_due, nightly, extend_horizon):
        await job(h.centre.database)


@act(6)
async def send(h: History, p: Pick) -> None:
    """The provider takes messages, refuses some, is away, does not answer, or the worker dies with one in hand."""
    moods = [0] if p.c < 6 else [0, p.c - 2 if p.c < 11 else 9, 0, 9 - p.a % 3]
    await h.centre.send(moods)


@act(3)
async def receive_receipt(h: History, p: Pick) -> None:
    """Late, twice, in any order."""
    given = h.centre.provider.receipts[-8:]
    if not given:
        raise NothingToDo
    ref, provider_ref = given[p.b % len(given)]
    said = ("delivered", "sent", "failed")[p.a % 3]
    body = ReceiptIn.model_validate({
        "receipt_id": f"{provider_ref}-{said}-{p.flag}", "provider_ref": provider_ref, "ref": ref, "state": said,
        "at": clock.now().isoformat(),
    })  # fmt: skip
    await take(h.centre.database, "stand-in", [body])

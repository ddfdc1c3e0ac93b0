"""The life of an appointment and the rules of a booking, without a base: every pair of state and event, every guard."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from appointments.appointments.domain import (
    TABLE,
    Actor,
    Audience,
    Denied,
    Event,
    Limits,
    Mode,
    Record,
    Rules,
    Standing,
    Status,
    age_on,
    check_notice,
    check_patient,
    check_start,
    decide,
    end_of_local_day,
    local_date,
)

START = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
FRONT, DOCTOR, DESK = (
    Actor("secretariat", "front_desk"),
    Actor("secretariat", "practitioner"),
    Actor("secretariat", "telesecretary"),
)
MANAGER, PATIENT, REGULATOR = (
    Actor("secretariat", "manager"),
    Actor("public", "patient"),
    Actor("regulator", "regulator"),
)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)

# The whole table of the design, written again by hand: what is not here is WRONG_STATE.
EXPECTED: dict[tuple[Status, Event], Status] = {
    ("pending", "confirm"): "booked",
    ("pending", "decline"): "cancelled",
    ("pending", "move"): "pending",
    ("pending", "cancel"): "cancelled",
    ("pending", "void"): "entered-in-error",
    ("booked", "move"): "booked",
    ("booked", "cancel"): "cancelled",
    ("booked", "arrive"): "arrived",
    ("booked", "fulfil"): "fulfilled",
    ("booked", "miss"): "noshow",
    ("booked", "void"): "entered-in-error",
    ("arrived", "fulfil"): "fulfilled",
    ("arrived", "leave"): "cancelled",
    ("arrived", "reopen"): "booked",
    ("arrived", "void"): "entered-in-error",
    ("fulfilled", "reopen"): "booked",
    ("fulfilled", "void"): "entered-in-error",
    ("noshow", "reopen"): "booked",
    ("noshow", "void"): "entered-in-error",
    ("cancelled", "reopen"): "booked",
    ("cancelled", "void"): "entered-in-error",
}
PAIRS = [(status, event) for status in get_args(Status) for event in get_args(Event)]


def standing(status: Status = "booked", changed: datetime = START - DAY) -> Standing:
    return Standing(status, START, START + 20 * MINUTE, changed, "Europe/Paris")


def outcome(event: Event, at: Standing, actor: Actor, now: datetime) -> str:
    try:
        return decide(event, at, actor, Limits(), now).status
    except Denied as denied:
        return denied.code


@pytest.mark.parametrize(("status", "event"), PAIRS)
def test_every_pair_of_state_and_event_is_in_the_table_or_a_wrong_state(status: Status, event: Event) -> None:
    now = START + 20 * MINUTE  # every guard of the clock is open to the front desk then
    given = outcome(event, standing(status, START), FRONT, now)
    assert given == EXPECTED.get((status, event), "WRONG_STATE")


def test_a_wrong_state_names_the_state_and_the_allowed_events() -> None:
    with pytest.raises(Denied) as denied:
        decide("arrive", standing("cancelled"), FRONT, Limits(), START)
    assert denied.value.facts == {"state": "cancelled", "allowed": ["reopen", "void"]}
    assert set(TABLE) == set(get_args(Status))


@pytest.mark.parametrize("event", get_args(Event))
@pytest.mark.parametrize("actor", [PATIENT, REGULATOR])
def test_outside_the_centre_one_moves_and_cancels_only(event: Event, actor: Actor) -> None:
    given = outcome(event, standing(), actor, START - DAY)
    assert (given == "NOT_ALLOWED") == (event not in ("move", "cancel"))


@pytest.mark.parametrize(
    ("event", "status", "allowed"),
    [
        ("confirm", "pending", {"front_desk", "practitioner"}),
        ("decline", "pending", {"front_desk", "practitioner"}),
        ("fulfil", "booked", {"front_desk", "practitioner"}),
        ("miss", "booked", {"front_desk", "practitioner"}),
        ("void", "booked", {"front_desk", "manager"}),
        ("arrive", "booked", {"front_desk", "practitioner", "telesecretary", "manager"}),
        ("cancel", "pending", {"front_desk"}),
    ],
)
def test_roles_of_events_after_the_start(event: Event, status: Status, allowed: set[str]) -> None:
    now = START + 16 * MINUTE
    may = {
        str(actor.role)
        for actor in (FRONT, DOCTOR, DESK, MANAGER)
        if outcome(event, standing(status), actor, now) not in ("NOT_ALLOWED", "ALREADY_STARTED")
    }
    assert may == allowed


@pytest.mark.parametrize(
    ("event", "actor", "now", "given"),
    [
        ("move", PATIENT, START - 2 * HOUR, "booked"),
        ("move", PATIENT, START - 2 * HOUR + MINUTE, "MOVE_TOO_LATE"),
        ("move", DESK, START + HOUR, "booked"),
        ("cancel", PATIENT, START - MINUTE, "cancelled"),
        ("cancel", PATIENT, START, "ALREADY_STARTED"),
        ("cancel", DESK, START, "ALREADY_STARTED"),
        ("cancel", FRONT, START, "cancelled"),
        ("arrive", FRONT, START - 2 * HOUR - MINUTE, "ARRIVAL_TOO_EARLY"),
        ("arrive", FRONT, START - 2 * HOUR, "arrived"),
        ("arrive", FRONT, datetime(2026, 11, 24, 22, 59, tzinfo=UTC), "arrived"),
        ("arrive", FRONT, datetime(2026, 11, 24, 23, 0, tzinfo=UTC), "ARRIVAL_TOO_LATE"),
        ("fulfil", DOCTOR, START - MINUTE, "NOT_STARTED"),
        ("fulfil", DOCTOR, START, "fulfilled"),
        ("miss", DOCTOR, START + 14 * MINUTE, "MISS_TOO_EARLY"),
        ("miss", DOCTOR, START + 15 * MINUTE, "noshow"),
    ],
)
def test_guards_of_the_clock_to_the_minute(event: Event, actor: Actor, now: datetime, given: str) -> None:
    assert outcome(event, standing(), actor, now) == given


@pytest.mark.parametrize(
    ("status", "after", "given"),
    [
        ("fulfilled", 7 * DAY, "booked"),
        ("fulfilled", 7 * DAY + MINUTE, "REOPEN_TOO_LATE"),
        ("cancelled", 24 * HOUR, "booked"),
        ("cancelled", 24 * HOUR + MINUTE, "REOPEN_TOO_LATE"),
    ],
)
def test_a_last_state_is_taken_back_for_a_while(status: Status, after: timedelta, given: str) -> None:
    assert outcome("reopen", standing(status, START), FRONT, START + after) == given


def test_under_a_day_before_the_start_a_cancellation_is_late() -> None:
    assert decide("cancel", standing(), DESK, Limits(), START - 24 * HOUR).late is False
    assert decide("cancel", standing(), DESK, Limits(), START - 24 * HOUR + MINUTE).late is True
    assert decide("move", standing(), DESK, Limits(), START - HOUR).late is False


def test_a_visit_across_midnight_is_of_the_day_of_its_start() -> None:
    late = Standing(
        "booked",
        datetime(2026, 11, 24, 22, 50, tzinfo=UTC),
        datetime(2026, 11, 24, 23, 30, tzinfo=UTC),
        START,
        "Europe/Paris",
    )
    assert outcome("arrive", late, FRONT, datetime(2026, 11, 24, 23, 29, tzinfo=UTC)) == "arrived"
    assert outcome("arrive", late, FRONT, datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "ARRIVAL_TOO_LATE"
    assert local_date(late.start, "Europe/Paris") == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 11, 24), 24)]
)
def test_a_local_day_ends_when_the_next_begins_also_when_clocks_change(day: date, hours: int) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    end = end_of_local_day(noon, "Europe/Paris")
    assert end - end_of_local_day(noon - DAY, "Europe/Paris") == timedelta(hours=hours)


# --- the rules of a booking ---------------------------------------------------------------------------------------

NOW = START - 10 * DAY
RULES = Rules(timedelta(0), timedelta(days=180), None, None, "any", known_patient_only=False, max_live=2)
RECORD = Record(date(1990, 5, 6), seen=True, online_blocked_until=None, live_online=0, near_id=None)


def judged(
    rules: dict[str, Any], record: dict[str, Any], audience: Audience = "public", *, moving: bool = False
) -> str:
    ruled, known = replace(RULES, **rules), replace(RECORD, **record)
    try:
        check_patient(ruled, known, date(2026, 11, 24), audience, NOW, moving=moving)
    except Denied as denied:
        return denied.code
    return "fine"


@pytest.mark.parametrize(
    ("rules", "record", "given"),
    [
        ({}, {}, "fine"),
        ({"min_age": 18}, {"birth_date": date(2008, 11, 25)}, "AGE_NOT_ALLOWED"),
        ({"min_age": 18}, {"birth_date": date(2008, 11, 24)}, "fine"),
        ({"max_age": 17}, {"birth_date": date(2008, 11, 24)}, "AGE_NOT_ALLOWED"),
        ({"first_visit": "only"}, {}, "FIRST_VISIT_RULE"),
        ({"first_visit": "only"}, {"seen": False}, "fine"),
        ({"first_visit": "never"}, {"seen": False}, "FIRST_VISIT_RULE"),
        ({"known_patient_only": True}, {"seen": False}, "FIRST_VISIT_RULE"),
        ({}, {"near_id": "x"}, "GAP_TOO_SHORT"),
        ({}, {"online_blocked_until": NOW + DAY}, "ONLINE_BLOCKED"),
        ({}, {"online_blocked_until": NOW}, "fine"),
        ({}, {"live_online": 1}, "fine"),
        ({}, {"live_online": 2}, "MAX_LIVE"),
    ],
)
def test_the_rules_of_a_reason_judge_a_patient(rules: dict[str, object], record: dict[str, object], given: str) -> None:
    assert judged(rules, record) == given


def test_limits_of_online_booking_hold_neither_on_the_phone_nor_for_moves() -> None:
    full = {"live_online": 9, "online_blocked_until": NOW + DAY}
    assert judged({}, full, "secretariat") == "fine"
    assert judged({"first_visit": "only"}, full, moving=True) == "fine"
    assert judged({"min_age": 60}, full, moving=True) == "AGE_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("born", "day", "age"), [((2008, 2, 29), (2026, 2, 28), 17), ((2008, 2, 29), (2026, 3, 1), 18)]
)
def test_age_of_somebody_born_on_the_29th_of_february(
    born: tuple[int, int, int], day: tuple[int, int, int], age: int
) -> None:
    assert age_on(date(*born), date(*day)) == age


@pytest.mark.parametrize(
    ("start", "right"),
    [
        (START, True),
        (START + MINUTE, False),
        (START + timedelta(seconds=1), False),
        (START + timedelta(microseconds=1), False),
        (NOW, False),
        (NOW + timedelta(minutes=5), True),
    ],
)
def test_starts_lie_on_the_grid_and_in_the_future(start: datetime, *, right: bool) -> None:
    if right:
        check_start(start, NOW)
    else:
        with pytest.raises(Denied, match="TIME_INVALID"):
            check_start(start, NOW)


def test_notice_and_horizon_are_inclusive() -> None:
    rules = replace(RULES, min_notice=HOUR, max_ahead=10 * DAY)
    check_notice(rules, NOW + HOUR, NOW)
    check_notice(rules, NOW + 10 * DAY, NOW)
    for start, code in ((NOW + HOUR - MINUTE, "NOTICE_TOO_SHORT"), (NOW + 10 * DAY + MINUTE, "TOO_FAR_AHEAD")):
        with pytest.raises(Denied, match=code):
            check_notice(rules, start, NOW)


def test_a_first_visit_has_its_own_length_when_the_reason_gives_one() -> None:
    assert Mode(20, 30, 5).length(first_visit=True) == timedelta(minutes=30)
    assert Mode(20, None, 5).length(first_visit=True) == timedelta(minutes=20)
    assert Mode(20, 30, 5).length(first_visit=False) == timedelta(minutes=20)
    assert Mode(20, 30, 5).buffer == timedelta(minutes=5)

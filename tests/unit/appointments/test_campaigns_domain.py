"""Where the visits of an absent doctor go, and until when patients may answer."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from appointments.campaigns.domain import Agenda, Place, Want, Window, answer_until, call_by
from appointments.slots.domain import Length, Run, minute

ADA, BOB, CLEO, DAN = (UUID(int=n) for n in range(1, 5))
AUTUN, DIGOIN, CHALON = (UUID(int=n) for n in range(11, 14))
REASON, OTHER = UUID(int=21), UUID(int=22)
PLACES = {AUTUN: Place(46.95, 4.30), DIGOIN: Place(46.48, 3.98), CHALON: Place(46.78, 4.85)}
MONDAY = date(2026, 11, 30)
TWENTY = Length(20)


def hour(hours: float, days: int = 0) -> int:
    """A time of that Monday, UTC, in minutes."""
    return minute(datetime(2026, 11, 30, tzinfo=UTC)) + round(hours * 60) + days * 1440


def window(who: UUID, site: UUID, start: float, end: float, days: int = 0, **fields: object) -> Window:
    """Free time of a physician."""
    usual: dict[str, object] = {"modes": frozenset({"on_site"}), "reason_ids": frozenset(), "step": None}
    runs = [Run(hour(start, days), hour(end, days))]
    return Window(who, site, MONDAY + timedelta(days=days), "physician", runs=runs, **(usual | fields))  # type: ignore[arg-type]


def want(at: float = 9, **fields: object) -> Want:
    """A visit with Ada at Autun."""
    usual: dict[str, object] = {"length": TWENTY, "local_date": MONDAY, "not_before": hour(at)}
    return Want(ADA, AUTUN, REASON, frozenset({"physician"}), "on_site", **(usual | fields))  # type: ignore[arg-type]


def order(windows: list[Window], wanted: Want) -> list[tuple[UUID, int]]:
    """Whom and when, cheapest first, the first time of each window only."""
    seen: dict[UUID, int] = {}
    for candidate in Agenda(windows, PLACES).candidates(wanted):
        seen.setdefault(candidate.practitioner_id, candidate.start)
    return list(seen.items())


def test_the_same_doctor_then_the_same_site_then_the_nearest_one() -> None:
    near, far = window(CLEO, CHALON, 9, 12), window(DAN, DIGOIN, 9, 12)
    here, own = window(BOB, AUTUN, 10, 12), window(ADA, AUTUN, 9, 12, days=2)
    assert order([far, near, here, own], want()) == [
        (ADA, hour(9, 2)), (BOB, hour(10)), (CLEO, hour(9)), (DAN, hour(9)),
    ]  # fmt: skip
    assert order([far, here, own], want(urgent=True)) == [(BOB, hour(10)), (DAN, hour(9)), (ADA, hour(9, 2))]
    late = window(ADA, AUTUN, 9, 12, days=7)  # beyond the week, whoever can first
    assert order([late, window(BOB, AUTUN, 9, 12, days=6)], want()) == [(BOB, hour(9, 6)), (ADA, hour(9, 7))]


def test_never_sooner_nor_while_the_patient_is_elsewhere_nor_for_another_reason() -> None:
    here = window(BOB, AUTUN, 8, 10)
    assert order([here], want(9, busy=[Run(hour(9), hour(9.5))])) == [(BOB, hour(9 + 2 / 3))]
    assert order([window(BOB, AUTUN, 9, 12, reason_ids=frozenset({OTHER}))], want()) == []
    assert order([window(BOB, AUTUN, 9, 12, modes=frozenset({"home"}))], want()) == []
    assert order([window(BOB, AUTUN, 9, 12, days=29)], want()) == []
    nowhere = Agenda([window(BOB, UUID(int=99), 9, 12)], {})
    assert next(nowhere.candidates(want())).practitioner_id == BOB  # a site that nobody has placed is merely far


@given(st.lists(st.sampled_from([15, 20, 30]), max_size=12))
def test_times_given_never_overlap(lengths: list[int]) -> None:
    agenda = Agenda([window(BOB, AUTUN, 9, 12), window(CLEO, DIGOIN, 9, 10)], PLACES)
    given_: list[tuple[UUID, int, int]] = []
    for minutes in lengths:
        length = Length(minutes, 5)
        candidate = next(agenda.candidates(want(length=length)), None)
        if candidate is not None:
            agenda.give(candidate, length)
            given_.append((candidate.practitioner_id, candidate.start, candidate.start + length.whole))
    for one in given_:
        for other in given_:
            assert one is other or one[0] != other[0] or one[2] <= other[1] or other[2] <= one[1]


def test_half_of_the_time_is_for_answering_and_half_for_calling() -> None:
    now = datetime(2026, 11, 30, 7, 10, tzinfo=UTC)
    eight = now.replace(hour=8, minute=0)
    assert answer_until(eight, now, now.replace(hour=11, minute=0)) == now.replace(hour=9, minute=30)
    assert answer_until(eight, now, eight + timedelta(days=9)) == eight + timedelta(days=1)
    assert now < answer_until(now + timedelta(hours=9), now, now + timedelta(hours=4)) < now + timedelta(hours=4)
    assert call_by(now, now + timedelta(hours=2)) == now + timedelta(hours=1, minutes=30)
    assert call_by(now, now + timedelta(days=9)) == now + timedelta(days=1)
    assert call_by(now, now - timedelta(hours=1)) == now

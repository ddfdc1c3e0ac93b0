"""Who may give a delegated visit on which day."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from appointments.protocols.domain import Delegation, Member

NURSES = [UUID(int=n) for n in (1, 2, 3)]
PHYSICIANS = [UUID(int=n) for n in (11, 12)]
DAYS = [date(2026, 12, 20) + timedelta(days=n) for n in range(30)]


def _member(profession: str, who: list[UUID]) -> st.SearchStrategy[Member]:
    return st.builds(
        Member, st.sampled_from(who), st.just(profession), st.sampled_from(DAYS), st.sampled_from([*DAYS, None])
    )


@given(st.lists(_member("nurse", NURSES), max_size=4), st.lists(_member("physician", PHYSICIANS), max_size=3))
def test_a_nurse_needs_an_open_span_and_somebody_who_delegates(nurses: list[Member], physicians: list[Member]) -> None:
    delegation = Delegation(UUID(int=0), (*nurses, *physicians))
    for day in DAYS:
        someone = any(p.first <= day and (p.last is None or p.last >= day) for p in physicians)
        may = {n.practitioner_id for n in nurses if n.first <= day and (n.last is None or n.last >= day)}
        assert delegation.nurses_on(day) == (may if someone else set())


@given(st.lists(_member("nurse", NURSES), max_size=4), st.lists(_member("physician", PHYSICIANS), max_size=3))
def test_nobody_gives_after_the_last_day(nurses: list[Member], physicians: list[Member]) -> None:
    delegation = Delegation(UUID(int=0), (*nurses, *physicians))
    last = delegation.last_day()
    if last is not None:
        assert not any(delegation.nurses_on(day) for day in DAYS if day > last)


def test_the_last_day_is_that_of_the_nurse_and_of_who_delegates() -> None:
    newyear = date(2026, 12, 31)
    delegation = Delegation(
        UUID(int=0),
        (
            Member(NURSES[0], "nurse", DAYS[0], None),
            Member(NURSES[1], "nurse", DAYS[0], DAYS[3]),
            Member(NURSES[2], "nurse", DAYS[9], DAYS[3]),  # trained after she left
            Member(PHYSICIANS[0], "physician", DAYS[0], newyear),
        ),
    )
    assert delegation.last_day() == delegation.last_day(NURSES[0]) == newyear
    assert delegation.last_day(NURSES[1]) == DAYS[3]
    assert delegation.last_day(NURSES[2]) is None
    assert delegation.nurses == frozenset(NURSES)

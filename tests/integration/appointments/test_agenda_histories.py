"""Acts on an agenda in random order never break what must hold; where a guard is dropped, the model notices."""

from collections.abc import Awaitable, Callable

import pytest

from appointments.main import service
from maillage.testing import ServiceLike
from tests.integration.appointments import agenda_runs
from tests.integration.appointments.agenda_histories import Centre
from tests.integration.appointments.agenda_provider import Broken
from tests.integration.appointments.agenda_runs import Step

Opened = Callable[[], Awaitable[Centre]]
BOOKED: Step = ("book", 1, 3, 1, False)
MOVED_BY_CAMPAIGN: list[Step] = [BOOKED, ("begin_campaign", 0, 0, 0, True), ("cancel", 0, 0, 1, True)]
DECLINED: list[Step] = [BOOKED, ("make_room", 2, 3, 1, False), ("decline_offer", 0, 0, 1, False)]
IN_A_REST: list[Step] = [BOOKED, ("tell_rest", 1, 3, 0, False)]


@pytest.fixture
def opened(service_database: Callable[[ServiceLike], str], admin_of: Callable[[str], str]) -> Opened:
    async def one() -> Centre:
        url = service_database(service)
        return await Centre.open(admin_of(url), url)

    return one


def test_whatever_is_done_in_whatever_order_nothing_breaks(opened: Opened) -> None:
    """The same histories each time, so without acts in one moment: the long runs have them."""
    alone = frozenset({"both_at_once"})
    counts = agenda_runs.run(opened, steps=150, examples=3, derandomize=True, checked_every=50, without=alone)
    assert counts["steps"] >= 400
    assert sum(number for name, number in counts.items() if name.endswith(" done")) >= 100


async def _nothing(*_: object, **__: object) -> int:
    return 0


@pytest.mark.parametrize(
    ("guard", "steps", "said"),
    [
        ("appointments.campaigns.following.follow", MOVED_BY_CAMPAIGN, "appointments_campaigns"),
        ("appointments.holds.service.give_up", DECLINED, "appointments.14"),
        ("appointments.availability.service.flag_conflicts", IN_A_REST, "I2|appointments.11"),
    ],
)
def test_a_guard_that_is_dropped_is_noticed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, guard: str, steps: list[Step], said: str
) -> None:
    counts = agenda_runs.script(opened, *steps)
    assert [counts[f"{name} done"] for name, *_ in steps] == [1] * len(steps)
    monkeypatch.setattr(guard, _nothing)
    with pytest.raises(Broken, match=said):
        agenda_runs.script(opened, *steps)

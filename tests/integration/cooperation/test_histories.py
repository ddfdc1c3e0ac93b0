"""Acts in random order never break what must hold; where a guard is dropped, the model notices."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import Phase

from cooperation.main import service
from maillage.testing import ServiceLike
from tests.integration.cooperation import history_runs
from tests.integration.cooperation.histories import World
from tests.integration.cooperation.history import Broken

Opened = Callable[[], Awaitable[World]]
STERILISING, RELEASED = [("go_on", 0, 0, True)] * 12, [("go_on", 0, 0, True)] * 16
HOLD_AND_USE = [*RELEASED, ("hold", 0, 0, False), ("use", 0, 0, False)]
RECORD_AND_RELEASE = [*STERILISING, ("record", 1, 0, False), ("decide", 0, 4, True)]
SIGN_ONCE = [("hold", 0, 0, True), ("sign", 0, 0, False)]


@pytest.fixture
def opened(service_database: Callable[[ServiceLike], str], admin_of: Callable[[str], str]) -> Opened:
    async def one() -> World:
        url = service_database(service)
        return await World.open(admin_of(url), url)

    return one


def test_whatever_is_done_in_whatever_order_nothing_breaks(opened: Opened) -> None:
    counts = history_runs.run(opened, steps=60, examples=2, derandomize=True, phases=[Phase.generate])
    assert counts["steps"] >= 60
    assert counts["go_on done"] >= 20


async def _no_blocks(*_: object) -> list[object]:
    return []


@pytest.mark.parametrize(
    ("guard", "without", "steps", "said"),
    [
        ("cooperation.uses.using.blocks_of", _no_blocks, HOLD_AND_USE, "C9"),
        ("cooperation.loads.deciding._must_be_complete", lambda _: None, RECORD_AND_RELEASE, "C1"),
        ("cooperation.holds.service.BOTH", (frozenset({"sterilisation_releaser"}),), SIGN_ONCE, "C10"),
    ],
)
def test_a_guard_that_is_dropped_is_noticed(
    opened: Opened,
    monkeypatch: pytest.MonkeyPatch,
    guard: str,
    without: object,
    steps: list[tuple[str, int, int, bool]],
    said: str,
) -> None:
    counts = history_runs.script(opened, *steps)
    assert counts[f"{steps[-1][0]} done"] == (1 if said == "C10" else 0)
    monkeypatch.setattr(guard, without)
    with pytest.raises(Broken, match=said):
        history_runs.script(opened, *steps)


def test_what_is_taken_back_of_a_pack_counts_no_more(opened: Opened) -> None:
    """Seen good, then torn by mistake, which is corrected: it is released, and the model knows."""
    seen = [("see", 0, 2, True), ("see", 0, 0, False), ("correct", 0, 0, False)]
    counts = history_runs.script(opened, *STERILISING, *seen, *[("go_on", 0, 0, True)] * 5)
    assert (counts["see done"], counts["correct done"]) == (2, 1)

"""Who may enter a busy service: shares by class, and refusals that cost no waiting (design: gateway 3.7, ADR 0012)."""

import asyncio

import pytest

from gateway.door import admission
from gateway.door.admission import Admission, Overloaded
from gateway.door.routes import Klass


async def _entered(places: Admission, klass: Klass, tries: int) -> int:
    """How many of so many get a place without anybody leaving."""
    taken = 0
    for _ in range(tries):
        try:
            await places.take(klass)
        except Overloaded:
            break
        taken += 1
    return taken


async def test_bulk_stops_at_80_normal_at_95_and_critical_has_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAIT_S", {"critical": 0.0, "normal": 0.0, "bulk": 0.0})
    places = Admission(100)
    assert [await _entered(places, klass, 200) for klass in ("bulk", "normal", "critical")] == [80, 15, 5]
    places.leave()
    assert await _entered(places, "normal", 1) == 0, "what is free beyond 95 is kept for what is critical"
    assert await _entered(places, "critical", 2) == 1
    assert places.in_flight == 100


async def test_beyond_the_waiting_room_nobody_waits() -> None:
    """The refusal comes in the same turn of the loop, not after the time one may wait."""
    places = Admission(1)
    await places.take("critical")
    waits = asyncio.create_task(places.take("normal"))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as refused:
        places.take("normal").send(None)
    assert refused.value.headers["Retry-After"] == "1"
    places.leave()
    await waits
    assert places.in_flight == 1, "who waited has the place"

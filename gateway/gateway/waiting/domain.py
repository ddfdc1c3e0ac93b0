"""Who may come in, and in which order (design: gateway 3.7). Instants are seconds of any clock that only goes forward.

So many visitors are in at once. A visit is over when nothing was heard of it for some minutes. Whoever finds the room
full draws a number; numbers are called strictly in order, as visits end. A called number keeps its right for ten
minutes, but a place is held free for it for one minute only: those who went home do not keep the others waiting.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

VISIT_S: Final = 300.0
ONCE_S: Final = 60.0
"""A visitor who never asked a second time: a machine without cookies, or somebody who looked and left."""
TURN_S: Final = 600.0
HELD_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """Not yet: `number` as drawn, `ahead` those who are called before it."""

    number: int
    ahead: int


class Room:
    """The visits of one process, and the numbers it gave. What it keeps is bounded by the places: those who wait have
    their number with them."""

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._visits: OrderedDict[str, float] = OrderedDict()
        self._once: OrderedDict[str, float] = OrderedDict()
        self._given = self._called = 0
        self._turns: OrderedDict[int, float] = OrderedDict()
        self._held: OrderedDict[int, float] = OrderedDict()

    def seen(self, visitor: str, at: float) -> None:
        """Somebody who is in asks again."""
        self._once.pop(visitor, None)
        self._visits[visitor] = at
        self._visits.move_to_end(visitor)

    def ask(self, visitor: str, number: int | None, at: float, *, draws: bool = True) -> Place | None:
        """Somebody who is not in yet, with his number if he has one: None, he is in now; else his place.

        A number that lapsed, was used or was never given here is as good as none. Without a number, and if none is to
        be drawn, he is told the place that he would have.
        """
        self._call(at)
        if number is not None and number in self._turns:
            del self._turns[number]
            self._held.pop(number, None)
            self._once[visitor] = at
            return None
        if number is None or not self._called < number <= self._given:
            if self._free() > 0:
                self._once[visitor] = at
                return None
            number = self._given + 1
            self._given += draws
        return Place(number, number - self._called - 1)

    @property
    def inside(self) -> int:
        """Visits under way, as of the last question."""
        return len(self._visits) + len(self._once)

    @property
    def waiting(self) -> int:
        """Numbers given and not called."""
        return self._given - self._called

    def _call(self, at: float) -> None:
        """Calls as many numbers as there are places free. After it, either nobody waits or no place is free."""
        for kept, seconds in (
            (self._visits, VISIT_S),
            (self._once, ONCE_S),
            (self._turns, TURN_S),
            (self._held, HELD_S),
        ):
            _forget(kept, at - seconds)
        while self._called < self._given and self._free() > 0:
            self._called += 1
            self._turns[self._called] = self._held[self._called] = at

    def _free(self) -> int:
        return self._most - self.inside - len(self._held)


def _forget(kept: "OrderedDict[str, float] | OrderedDict[int, float]", before: float) -> None:
    """Drops what is older, from the front: the order is that of time."""
    while kept:
        key, at = next(iter(kept.items()))
        if at > before:
            return
        del kept[key]  # type: ignore[arg-type]  # a key of its own

"""Who comes in, and when: the waiting room without any clock of its own (design: gateway 3.7)."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.waiting.domain import HELD_S, ONCE_S, TURN_S, VISIT_S, Place, Room


def number_of(place: Place | None) -> int:
    assert place is not None
    return place.number


def full(most: int) -> Room:
    """A room with `most` visits under way at 0."""
    room = Room(most)
    for visitor in range(most):
        assert room.ask(f"in {visitor}", None, 0) is None
        room.seen(f"in {visitor}", 0)
    return room


def test_a_room_that_is_full_gives_numbers_and_says_how_many_come_before() -> None:
    room = full(2)
    assert room.ask("a", None, 1) == Place(1, 0)
    assert room.ask("b", None, 1) == Place(2, 1)
    assert room.ask("a", 1, 2) == Place(1, 0), "asking again draws nothing"
    assert (room.inside, room.waiting) == (2, 2)


def test_entry_is_by_number_at_the_pace_of_finished_visits() -> None:
    room = full(2)
    a, b, c = (number_of(room.ask(who, None, 1)) for who in "abc")
    room.seen("in 1", 200)
    at = VISIT_S + 1  # the first visit ended
    assert room.ask("c", c, at) == Place(c, 1), "one place, and it is a's"
    assert room.ask("late", None, at) == Place(4, 2), "who comes now does not pass those who wait"
    assert room.ask("b", b, at) == Place(b, 0)
    assert room.ask("a", a, at) is None
    assert room.ask("a", a, at + 1) == Place(5, 3), "a number works once"
    assert room.inside == 2


def test_a_turn_is_kept_ten_minutes_but_its_place_is_held_for_one() -> None:
    room = full(1)
    a, b = (number_of(room.ask(who, None, 1)) for who in "ab")
    called = VISIT_S + 1
    assert room.ask("b", b, called) == Place(b, 0), "a is called"
    assert room.ask("b", b, called + HELD_S - 1) == Place(b, 0)
    assert room.ask("b", b, called + HELD_S + 1) is None, "a does not come: b goes in"
    assert room.ask("a", a, called + TURN_S - 1) is None, "a comes after all, within his time"
    room = full(1)
    a = number_of(room.ask("a", None, 1))
    room.ask("b", None, called)
    for at in range(int(called), int(called + TURN_S), 100):
        room.seen("in 1", at)
    assert room.ask("a", a, called + TURN_S + 1) != Place(a, 0), "his number has lapsed"


def test_who_looks_once_and_goes_keeps_a_place_for_a_minute_only() -> None:
    room = Room(2)
    for visitor in ("machine", "another machine"):
        assert room.ask(visitor, None, 0) is None
    assert room.ask("a", None, ONCE_S - 1) == Place(1, 0)
    assert room.ask("a", 1, ONCE_S + 1) is None


def test_programs_hear_of_their_place_without_drawing_a_number() -> None:
    room = full(1)
    assert [room.ask("program", None, 1, draws=False) for _ in range(3)] == [Place(1, 0)] * 3
    assert room.waiting == 0
    assert room.ask("person", None, 1) == Place(1, 0)


def test_numbers_from_elsewhere_are_as_good_as_none() -> None:
    room = full(1)
    assert room.ask("a", 7, 1) == Place(1, 0)
    assert room.ask("b", 0, 1) == Place(2, 1)
    assert Room(1).ask("c", 7, 1) is None


class Crowd(RuleBasedStateMachine):
    """Visitors come, wait, ask again, go: the room never overfills but by called numbers, and nobody is passed by."""

    def __init__(self) -> None:
        super().__init__()
        self.room, self.at, self.waiting, self.inside = Room(3), 0.0, list[tuple[str, int]](), list[str]()
        self.last = 0

    @rule(seconds=st.sampled_from([0.5, 10, 61, 301]))
    def time_passes(self, seconds: float) -> None:
        self.at += seconds

    @rule()
    def one_comes(self) -> None:
        who = f"v{self.at}-{len(self.waiting)}-{len(self.inside)}"
        place = self.room.ask(who, None, self.at)
        if place is None:
            self.inside.append(who)
            assert self.room.waiting == 0, "nobody was waiting when he went straight in"
        else:
            assert place.number > self.last
            self.last = place.number
            self.waiting.append((who, place.number))

    @rule(which=st.integers(0, 50))
    def one_asks_again(self, which: int) -> None:
        if not self.waiting:
            return
        who, number = self.waiting.pop(which % len(self.waiting))
        place = self.room.ask(who, number, self.at)
        if place is None:
            self.inside.append(who)
        else:
            self.waiting.append((who, place.number))
            self.last = max(self.last, place.number)

    @rule(which=st.integers(0, 50))
    def one_clicks(self, which: int) -> None:
        if self.inside:
            self.room.seen(self.inside[which % len(self.inside)], self.at)

    @invariant()
    def what_is_kept_is_bounded(self) -> None:
        assert self.room.waiting >= 0
        assert self.room.inside <= 3 + len(self.inside)


Crowd.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestCrowd = Crowd.TestCase

"""Who is offered which call."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from telesecretariat.dispatch.domain import Ready, Strategy, Waiting, pairs

NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
CENTRE, OTHER = UUID(int=1), UUID(int=2)


def call(number: int, *skills: str, client: UUID = CENTRE, strategy: Strategy = "longest_idle") -> Waiting:
    return Waiting(UUID(int=100 + number), client, frozenset(skills), strategy)


def agent(number: int, *skills: str, idle_s: int = 0, calls: int = 0, clients: tuple[UUID, ...] = (CENTRE,)) -> Ready:
    idle = NINE - timedelta(seconds=idle_s)
    return Ready(UUID(int=200 + number), frozenset(clients), frozenset(skills), idle, calls)


def test_the_first_call_goes_to_who_has_waited_longest() -> None:
    fresh, idle = agent(1, idle_s=5), agent(2, idle_s=60)
    assert pairs([call(1), call(2), call(3)], [fresh, idle]) == [
        (call(1).id, idle.id),
        (call(2).id, fresh.id),
    ]


def test_where_the_line_says_so_the_one_with_fewest_calls_comes_first() -> None:
    busy, rested = agent(1, idle_s=60, calls=9), agent(2, idle_s=5, calls=2)
    assert pairs([call(1, strategy="fewest_calls")], [busy, rested]) == [(call(1).id, rested.id)]


def test_a_call_that_nobody_free_may_take_does_not_hold_up_those_after_it() -> None:
    other, nurse = agent(1, clients=(OTHER,)), agent(2, "advice")
    waiting = [call(1, "breton"), call(2, "advice"), call(3, client=OTHER)]
    assert pairs(waiting, [other, nurse]) == [(waiting[1].id, nurse.id), (waiting[2].id, other.id)]


SKILLS = st.frozensets(st.sampled_from(["a", "b", "c"]))
CALLS = st.lists(st.tuples(SKILLS, st.sampled_from([CENTRE, OTHER])), max_size=12)
AGENTS = st.lists(st.tuples(SKILLS, st.integers(0, 300)), max_size=8)


@given(CALLS, AGENTS)
def test_nobody_waits_while_an_agent_who_may_take_the_call_is_free(
    wanted: list[tuple[frozenset[str], UUID]], floor: list[tuple[frozenset[str], int]]
) -> None:
    waiting = [call(number, *skills, client=client) for number, (skills, client) in enumerate(wanted)]
    ready = [agent(number, *skills, idle_s=idle) for number, (skills, idle) in enumerate(floor)]
    found = dict(pairs(waiting, ready))
    by_id = {each.id: each for each in ready}
    assert len(set(found.values())) == len(found)
    assert all(by_id[found[each.id]].may_take(each) for each in waiting if each.id in found)
    free = [each for each in ready if each.id not in found.values()]
    assert not any(each.may_take(left) for left in waiting if left.id not in found for each in free)

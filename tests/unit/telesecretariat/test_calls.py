"""What is announced to who waits, and which rule counts when too many do."""

from dataclasses import dataclass

import pytest

from telesecretariat.calls.domain import Crowd, announced_minutes, next_rule


@dataclass(frozen=True)
class Rule:
    when: str
    at_least: float


@pytest.mark.parametrize(
    ("estimate_s", "minutes"), [(None, None), (60, (1, 2)), (240, (2, 6)), (600, (5, 15)), (1, (1, 2))]
)
def test_a_wait_is_announced_as_a_range_and_never_under_a_minute(
    estimate_s: int | None, minutes: tuple[int, int] | None
) -> None:
    assert announced_minutes(estimate_s) == minutes


def test_the_first_rule_that_counts_is_the_next_and_none_is_looked_at_twice() -> None:
    rules = [Rule("wait_s", 60), Rule("waiting", 10), Rule("calls_per_agent", 3)]
    assert next_rule(rules, 0, Crowd(wait_s=10, waiting=2, agents=1)) is None
    assert next_rule(rules, 0, Crowd(wait_s=60, waiting=10, agents=1)) == 0
    assert next_rule(rules, 1, Crowd(wait_s=60, waiting=10, agents=1)) == 1
    assert next_rule(rules, 2, Crowd(wait_s=600, waiting=10, agents=4)) is None
    assert next_rule(rules, 2, Crowd(wait_s=0, waiting=1, agents=0)) == 2
    assert next_rule(rules, 3, Crowd(wait_s=600, waiting=99, agents=0)) is None

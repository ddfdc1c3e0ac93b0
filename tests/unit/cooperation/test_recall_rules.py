"""Rules of recalls and signatures, by property."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cooperation.recalls.domain import STATES, Signer, Span, covered, signed, state_of, state_of_order

PHARMACIST, HYGIENE, MANAGER = "sterilisation_releaser", "hygiene", "gcs_manager"
BOTH = (frozenset({PHARMACIST}), frozenset({HYGIENE}))
TWO = (frozenset({PHARMACIST, MANAGER}), frozenset({PHARMACIST, MANAGER}))
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
people = st.integers(1, 4).map(lambda n: UUID(int=n))
signers = st.builds(Signer, people, st.sampled_from([PHARMACIST, HYGIENE, MANAGER, "theatre_agent"]))
machines = st.integers(1, 2).map(lambda n: UUID(int=n))


@given(st.lists(signers, max_size=8), st.sampled_from([BOTH, TWO, BOTH[:1]]))
def test_it_is_complete_with_the_asked_roles_by_as_many_persons(
    attempts: list[Signer], needed: tuple[frozenset[str], ...]
) -> None:
    """Whoever tries in whatever order: complete means one person for each role asked, never one twice."""
    kept: list[Signer] = []
    for attempt in attempts:
        verdict = signed(kept, attempt, needed)
        assert (verdict == "same_person") == (attempt.person_id in {each.person_id for each in kept})
        if verdict in ("waiting", "complete"):
            kept.append(attempt)
        if verdict == "complete":
            assert len({each.person_id for each in kept}) == len(kept) == len(needed)
            given_roles = sorted(each.role for each in kept)
            if needed is BOTH:
                assert given_roles == sorted([PHARMACIST, HYGIENE])
            assert all(each.role in frozenset().union(*needed) for each in kept)
            return
    assert len(kept) < len(needed)


def test_two_pharmacists_are_not_a_pharmacist_and_hygiene() -> None:
    first, second = Signer(UUID(int=1), PHARMACIST), Signer(UUID(int=2), PHARMACIST)
    assert signed([first], second, BOTH) == "other_role"
    assert signed([first], second, TWO) == "complete"
    assert signed([first], Signer(UUID(int=1), HYGIENE), BOTH) == "same_person"


@given(machines, machines, *[st.integers(0, 5)] * 4)
def test_a_span_is_covered_by_one_that_leaves_nothing_out(
    mine: UUID, other: UUID, since: int, length: int, before: int, after: int
) -> None:
    start = NOON + timedelta(hours=since)
    span = Span(mine, start, start + timedelta(hours=length + 1))
    wider = Span(other, start - timedelta(hours=before), span.until + timedelta(hours=after))
    assert covered(span, [wider]) == (mine == other)
    shorter = Span(mine, start + timedelta(seconds=1), span.until)
    assert not covered(span, [shorter])
    assert not covered(span, [])


@given(
    st.sampled_from(["returning", "washing", "packed", "sterilising", "released", "used", "aborted"]),
    st.booleans(),
    st.booleans(),
)
def test_only_a_released_pack_is_somewhere(stage: str, allocated: bool, in_transit: bool) -> None:
    state = state_of(stage, allocated=allocated, in_transit=in_transit)
    assert state in STATES
    assert (state == "used") == (stage == "used")
    assert (state == "in_process") == (stage not in ("used", "released"))
    assert stage != "released" or (state == "allocated") == allocated


def test_received_goods_are_followed_by_the_member() -> None:
    assert [state_of_order(state) for state in ("received", "in_transit", "prepared", "cancelled")] == [
        "used", "in_transit", "in_stock", "in_process",
    ]  # fmt: skip

"""Which events a screen sees, against a naive reading of the rules; what is kept, against a plain list."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contracts.all_events
from contracts.base import Event, events
from gateway import permissions
from gateway.door.tokens import Caller
from gateway.permissions import ROLES, Delegation
from gateway.stream import domain
from gateway.stream.domain import Position
from gateway.stream.facts import Fact, Kept
from gateway.stream.rights import Rights, Verdict
from maillage import clock

assert contracts.all_events.__name__
KINDS = sorted(events().values(), key=lambda kind: kind.TYPE)
ORGANISATIONS = [uuid4() for _ in range(4)]
TABLE = sorted(permissions.TABLE)
delegations = st.lists(
    st.builds(
        Delegation,
        st.sampled_from(ORGANISATIONS),
        st.frozensets(st.sampled_from([*TABLE, "appointments:*", "gateway:*", "telesecretariat:*"]), max_size=4),
    ),
    max_size=3,
).map(tuple)
topics = st.none() | st.frozensets(st.sampled_from([name for kind in KINDS for name in domain.names(kind.TYPE)]))


def _oracle(
    kind: type[Event],
    organisation: UUID,
    role: str,
    own: UUID,
    given_: tuple[Delegation, ...],
    asked: frozenset[str] | None,
) -> str:
    """all, own or none, read off the printed table word by word."""
    service, name, version = kind.TYPE.split(".")
    if asked is not None and not {service, f"{service}.{name}", f"{service}.{name}.{version}"} & asked:
        return "none"
    seen = set()
    for reader in kind.READERS:
        for group in permissions.TABLE.get(reader, "").split(", "):
            *codes, reach = group.split() or [""]
            if role not in [ROLES[code] for code in codes]:
                continue
            clients = {
                each.client_id
                for each in given_
                if reader in each.permissions or reader.split(":")[0] + ":*" in each.permissions
            }
            reached = {"o": {own}, "d": {own} | clients, "t": set(ORGANISATIONS), "p": set(ORGANISATIONS)}
            if organisation in reached.get(reach, set()):
                seen.add("all")
            elif reach == "s" and kind.SELF:
                seen.add("own")
    return "all" if "all" in seen else "own" if "own" in seen else "none"


@given(
    st.sampled_from(KINDS), st.sampled_from(ORGANISATIONS), st.sampled_from(sorted(ROLES.values())),
    st.sampled_from(ORGANISATIONS), delegations, topics,
)  # fmt: skip
def test_the_filter_is_the_rule(
    kind: type[Event],
    organisation: UUID,
    role: str,
    own: UUID,
    given_: tuple[Delegation, ...],
    asked: frozenset[str] | None,
) -> None:
    caller = Caller(
        "k", "professional", f"person:{own}", role, "", permissions.grants_of(role), org=own, delegations=given_
    )
    rights = Rights(caller, asked)
    expected = {"all": Verdict.ALL, "own": Verdict.OWN, "none": Verdict.NONE}
    for _ in range(2):  # decided, then remembered
        assert rights.verdict(kind, organisation) is expected[_oracle(kind, organisation, role, own, given_, asked)]


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=60), st.integers(1, 2000), st.data())
def test_what_is_kept_is_the_rest(steps: list[tuple[int, bool]], most_bytes: int, data: st.DataObject) -> None:
    """From every position that is still held, piece by piece: exactly the later events, in order, once."""
    kept = Kept(10)
    kept.begin(1, 5)
    position, everything = 5, []
    begun = clock.now()
    for step, shown in steps:
        position += step
        at = begun + timedelta(seconds=position)
        fact = (
            Fact(position, KINDS[0], ORGANISATIONS[0], None, None, at, b"x" * (position % 7 * 100)) if shown else None
        )
        kept.add(position, fact)
        everything += [position] if shown else []
    old = data.draw(st.integers(0, 200))
    kept.drop_before(begun + timedelta(seconds=old))
    start = data.draw(st.integers(0, position + 2))
    lost = [each for each in everything if start < each < old]
    assert kept.holds(start) == (5 <= start <= position and not lost)
    if not kept.holds(start):
        return
    got, reached = [], start
    while reached < position:
        facts, further = kept.after(reached, most_bytes)
        assert further > reached
        got += [fact.position for fact in facts]
        reached = further
    assert got == [each for each in everything if each > start]


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "-1.2", "1.-2", "1.2.3", "1.2 ", "٣.٤", "9" * 16 + ".1"])
def test_a_position_is_two_numbers(text: str) -> None:
    assert domain.read_position(text) is None


def test_a_position_is_read_as_it_is_written() -> None:
    assert domain.read_position(str(Position(1795503600000, 4711))) == Position(1795503600000, 4711)


def test_an_event_is_one_chunk_of_lines() -> None:
    """Nothing in the data can end an event early or begin another."""
    told = domain.event("a.b", {"text": "two\nlines\r\n\nid: 9"}, "1.2")
    size, _, rest = told.partition(b"\r\n")
    assert len(rest) == int(size, 16) + 2
    assert rest.decode().split("\n")[:2] == ["id: 1.2", "event: a.b"]
    assert rest.count(b"\n\n") == 1
    assert rest.endswith(b"\n\n\r\n")

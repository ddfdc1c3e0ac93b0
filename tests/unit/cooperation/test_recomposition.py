"""A recomposition is closed when each of its lines is settled."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from cooperation.runs.domain import Line, judge


def line(quantity: int, *, critical: bool = False, exclusive: bool = False, single_use: bool = False) -> Line:
    mode = "exclusive" if exclusive else "free"
    made = Line(id=uuid4(), model_id=uuid4(), quantity=quantity, mode="free", critical=critical, single_use=single_use)
    return made if mode == "free" else Line(**{**_plain(made), "mode": "exclusive"})  # type: ignore[arg-type]


def _plain(made: Line) -> dict[str, object]:
    return {name: getattr(made, name) for name in Line.__dataclass_fields__}


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.booleans(), st.booleans())
def test_closed_exactly_when_the_counts_make_the_quantity(
    quantity: int, counted: int, marked: int, missing: int, critical: bool, exclusive: bool
) -> None:
    one = line(quantity, critical=critical, exclusive=exclusive)
    found = judge([one], {one.id: counted}, {one.id: marked}, {one.id: missing})
    complete = counted + missing == quantity and (marked == counted if exclusive else marked <= counted)
    assert bool(found.open or found.critical) == (not complete or (critical and counted < quantity))
    assert bool(found.critical) == (critical and counted < quantity)


def test_a_line_not_looked_at_is_open_even_when_critical() -> None:
    one = line(1, critical=True)
    found = judge([one], {}, {}, {})
    assert [each.line for each in found.open] == [one] and not found.critical


def test_single_use_is_named_whatever_the_count() -> None:
    one = line(1, single_use=True)
    assert judge([one], {one.id: 1}, {}, {}).single_use == [one]
    assert not judge([one], {}, {}, {one.id: 1}).single_use

"""A body's values are what they were sent as; what a query says is read from text (design: proof 6, B14)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from maillage.exact import AS_TEXT
from maillage.wire import Instant, Wire


class _Line(Wire):
    count: Annotated[int, Field(ge=1)]


class _Phone(Wire):
    kind: Literal["phone"]
    lines: list[_Line] = []


class _Screen(Wire):
    kind: Literal["screen"]
    on: bool = False


class _Body(Wire):
    number: int = 1
    share: float | None = None
    yes: bool = False
    day: date | None = None
    at: Instant | None = None
    device: Annotated[_Phone | _Screen, Field(discriminator="kind")] | None = None
    counts: dict[str, int] = {}
    pair: tuple[int, bool] | None = None


class _Query(Wire):
    OF_TEXT = True

    limit: int = 50
    dry_run: bool = False


WRONG: dict[str, tuple[dict[str, Any], tuple[str | int, ...]]] = {
    "a text for a number": ({"number": "1"}, ("number",)),
    "a yes for a number": ({"number": True}, ("number",)),
    "a text for a share": ({"share": "0.5"}, ("share",)),
    "a number for a yes": ({"yes": 1}, ("yes",)),
    "a text for a yes": ({"yes": "true"}, ("yes",)),
    "a number for a day": ({"day": 0}, ("day",)),
    "a number for an instant": ({"at": 1_790_000_000}, ("at",)),
    "in a list": ({"device": {"kind": "phone", "lines": [{"count": "1"}]}}, ("device", "phone", "lines", 0, "count")),
    "in one of several": ({"device": {"kind": "screen", "on": "on"}}, ("device", "screen", "on")),
    "in a dictionary": ({"counts": {"a": "1"}}, ("counts", "a")),
    "in a pair": ({"pair": [1, 1]}, ("pair", 1)),
}


@pytest.mark.parametrize("which", WRONG)
def test_another_kind_of_value_is_refused_at_its_place(which: str) -> None:
    sent, place = WRONG[which]
    with pytest.raises(ValidationError) as refused:
        _Body.model_validate(sent)
    assert [error["loc"] for error in refused.value.errors()] == [place]


def test_right_values_and_those_of_our_own_rows_are_taken() -> None:
    """A whole number may be written 1.0; sums of the base are decimals."""
    now = datetime.now(UTC)
    made = _Body(number=2, share=1, yes=True, day=date(2026, 12, 1), at=now, pair=(1, False))
    assert (made.number, made.share, made.at) == (2, 1.0, now)
    assert _Body.model_validate({"number": 1.0, "share": Decimal("0.5")}).share == 0.5


def test_a_query_is_read_from_text() -> None:
    assert _Query.model_validate({"limit": "7", "dry_run": "true"}) == _Query(limit=7, dry_run=True)


def test_a_cell_of_a_file_is_text_in_any_type() -> None:
    read = _Body.model_validate({"number": "3", "share": "0.5", "yes": "true"}, context=AS_TEXT)
    assert (read.number, read.share, read.yes) == (3, 0.5, True)

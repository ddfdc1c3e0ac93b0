"""Months on the wire: `2026-11`; inside the service the first day of it."""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from maillage.refusals import Refusal
from maillage.words import Words

_FORM: Final = r"20\d\d-(0[1-9]|1[0-2])"


class MonthInvalid(Refusal):
    """Not a month of this century."""

    code, status = "MONTH_INVALID", 422
    title = Words("Mois incorrect", "Invalid month")
    detail = Words("Donnez un mois sous la forme 2026-11.", "Give a month in the form 2026-11.")


def _first_day(value: object) -> object:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(_FORM, value):
        return date.fromisoformat(f"{value}-01")
    raise PydanticCustomError("MONTH_INVALID", "not a month such as 2026-11")


def written(month: date) -> str:
    """A month as it is written: 2026-11."""
    return f"{month:%Y-%m}"


Month = Annotated[
    date,
    BeforeValidator(_first_day),
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_FORM}$", "examples": ["2026-11"]}),
]

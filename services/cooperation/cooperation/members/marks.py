"""Numbers and marks as fields of wire types: check digits are reckoned, marks are kept under their one name."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cooperation.codes.domain import CodeRefused, check_digit, read
from cooperation.codes.errors import CheckDigitWrong, refusal


def _gs1(value: str) -> str:
    if int(value[-1]) != check_digit(value[:-1]):
        raise PydanticCustomError(CheckDigitWrong.code, "check digit")
    return value


def _finess(value: str) -> str:
    """Luhn over the nine digits; the numbers of Corsica have a letter and are taken as they are."""
    if value.isdigit():
        doubled = (int(each) * (2 if place % 2 else 1) for place, each in enumerate(reversed(value)))
        if sum(each - 9 if each > 9 else each for each in doubled) % 10:
            raise PydanticCustomError(CheckDigitWrong.code, "check digit")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise PydanticCustomError("ZONE_UNKNOWN", "not a zone")
    return value


def set_mark(value: str) -> str:
    """The canonical name of a set's or crate's mark, from whatever form was read. Refused: `MARK_INVALID`, and
    as codes are."""
    return _mark(value, "set")


def instrument_mark(value: str) -> str:
    """The canonical name of an instrument's mark: a GIAI, or a GTIN with its serial number.
    Refused: as for sets."""
    return _mark(value, "instrument")


def _mark(value: str, kind: str) -> str:
    try:
        code = read(value)
    except CodeRefused as refused:
        said = refusal(refused)
        raise PydanticCustomError(said.code if said.status == 422 else "MARK_INVALID", "not a code") from refused
    serialised = code.kind == "item" and bool(code.field("21"))
    if code.kind != kind and not (kind == "instrument" and serialised):
        raise PydanticCustomError("MARK_INVALID", "not such a mark")
    if code.kind == "set" and len(code.key) == 14:
        raise PydanticCustomError("MARK_INVALID", "no serial number")
    return code.uri


Gln = Annotated[str, Field(pattern=r"^[0-9]{13}$"), AfterValidator(_gs1)]
Gtin = Annotated[str, Field(pattern=r"^[0-9]{14}$"), AfterValidator(_gs1)]
Finess = Annotated[str, Field(pattern=r"^[0-9]{1}[0-9AB][0-9]{7}$"), AfterValidator(_finess)]
Zone = Annotated[str, Field(max_length=60), AfterValidator(_zone)]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
SetMark = Annotated[str, Field(max_length=512), AfterValidator(set_mark)]
InstrumentMark = Annotated[str, Field(max_length=512), AfterValidator(instrument_mark)]

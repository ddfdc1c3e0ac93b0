"""What a value is, is what was sent: in a body `"1"` is no number, `1` no yes and `0` no day of 1970."""

from collections.abc import Callable
from datetime import date, time
from typing import Any, Final, cast

from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from pydantic_core.core_schema import ErrorType, ValidationInfo

_INSIDE: Final = (
    "schema", "items_schema", "keys_schema", "values_schema", "fields", "choices", "steps", "definitions",
)  # fmt: skip


Check = Callable[[Any, ValidationInfo[Any]], Any]
AS_TEXT: Final = {"as_text": True}
"""The context of a validation of cells of a file, where all there is are texts."""


def _number(kind: ErrorType) -> Check:
    def checked(value: Any, info: ValidationInfo[Any]) -> Any:
        if isinstance(value, str | bytes | bool) and info.context is not AS_TEXT:
            raise PydanticCustomError(kind, "another kind of value")
        return value

    return checked


def _truth(value: Any, info: ValidationInfo[Any]) -> Any:
    if not isinstance(value, bool) and info.context is not AS_TEXT:
        raise PydanticCustomError("bool_type", "another kind of value")
    return value


def _day(kind: str) -> Check:
    def checked(value: Any, _info: ValidationInfo[Any]) -> Any:
        if not isinstance(value, str | date | time):
            raise PydanticCustomError(kind, "another kind of value")
        return value

    return checked


_CHECKS: Final[dict[str, Check]] = {
    "int": _number("int_type"),
    "float": _number("float_type"),
    "bool": _truth,
    "date": _day("date_type"),
    "time": _day("time_type"),
    "datetime": _day("datetime_type"),
}
_OURS: Final = frozenset(_CHECKS.values())


def exact(schema: CoreSchema) -> CoreSchema:
    """The same schema, which takes a number, a yes or no and a day from nothing but themselves."""
    check = _CHECKS.get(schema["type"])
    if check is not None:
        return core_schema.with_info_before_validator_function(check, schema)
    made = cast("dict[str, Any]", dict(schema))
    if made["type"] == "function-before" and made["function"]["function"] in _OURS:
        return schema
    for name in _INSIDE:
        if name in made:
            made[name] = _within(made[name])
    return cast("CoreSchema", made)


def _within(inside: Any) -> Any:
    """One schema, a list of them, or those of fields and choices by their name; a label beside one stays."""
    if isinstance(inside, dict):
        if isinstance(inside.get("type"), str):
            return exact(cast("CoreSchema", inside))
        return {name: _within(each) for name, each in inside.items()}
    if isinstance(inside, list | tuple):
        return type(inside)(_within(each) for each in inside)
    return inside

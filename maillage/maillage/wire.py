"""Types of what travels: strict models, instants, texts and phone numbers with one meaning everywhere."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Generic, TypeVar

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from maillage.exact import exact

T = TypeVar("T")
_BIDI_AND_CONTROL = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)")


class Wire(BaseModel):
    """Base of every type on the wire: unknown fields are refused (`FIELD_NOT_ALLOWED`), values do not change once
    read, `"1"` is no number.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    OF_TEXT: ClassVar[bool] = False
    """Of a query, where all there is are texts: numbers are read from them."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """In a body a value is what it was sent as."""
        return handler(source) if cls.OF_TEXT else exact(handler(source))


class Patch(Wire):
    """Base of the body of every PATCH: a field that is left out stays, null empties it. What cannot be empty is refused
    at its field (`CANNOT_BE_EMPTY`): null never stands for "as before", so that what a form shows as emptied is.
    """

    EMPTIABLE: ClassVar[frozenset[str]] = frozenset()
    """The fields that may be emptied; of all others null is neither taken nor in the contract."""

    @field_validator("*", mode="before")
    @classmethod
    def _only_emptiable_is_null(cls, value: object, info: ValidationInfo) -> object:
        """Defaults are not validated: what arrives here was sent."""
        if value is None and info.field_name not in cls.EMPTIABLE:
            raise PydanticCustomError("CANNOT_BE_EMPTY", "null where a value is needed")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A default of None only says that the field was left out."""
        schema = handler(core)
        for name, field in handler.resolve_ref_schema(schema).get("properties", {}).items():
            if name not in cls.EMPTIABLE and "anyOf" in field:
                left = [kind for kind in field.pop("anyOf") if kind != {"type": "null"}]
                field.update(left[0] if len(left) == 1 else {"anyOf": left})
            if field.get("default", ...) is None:
                del field["default"]
        return schema


class Page(Wire, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: Sequence[T]
    next_cursor: str | None = None


def clean_text(value: str, *, newlines: bool = False) -> str:
    """NFC, trimmed. Raises `TEXT_INVALID` for control, bidirectional and zero-width characters and lone surrogates."""
    text = unicodedata.normalize("NFC", value).strip()
    if _BIDI_AND_CONTROL.search(text.replace("\n", " ").replace("\r", " ") if newlines else text):
        raise PydanticCustomError("TEXT_INVALID", "invisible or control characters")
    return text


def _line(value: str) -> str:
    text = clean_text(value)
    if not text:
        raise PydanticCustomError("TEXT_INVALID", "empty")
    return text


def normalise_phone(value: str) -> str:
    """E.164 from what people type (`06…`, `0033…`, `+33(0)…`, spaces).

    Premium, shared-cost and short numbers: `PHONE_INVALID`.
    """
    try:
        number = phonenumbers.parse(value[:40].replace("(0)", ""), "FR")
    except phonenumbers.NumberParseException as wrong:
        raise PydanticCustomError("PHONE_INVALID", "not a phone number") from wrong
    refused = {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
    }
    if len(value) > 40 or not phonenumbers.is_possible_number(number) or phonenumbers.number_type(number) in refused:
        raise PydanticCustomError("PHONE_INVALID", "not a phone number")
    if not phonenumbers.is_valid_number(number) and not is_fiction(number):
        raise PydanticCustomError("PHONE_INVALID", "not a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_fiction(number: phonenumbers.PhoneNumber) -> bool:
    """The blocks that Arcep keeps for fiction: real adapters never dial them, demonstrations use nothing else."""
    return number.country_code == 33 and str(number.national_number)[:5] in {
        "19900",
        "26191",
        "35301",
        "46571",
        "53649",
        "63998",
    }


def _rfc3339(value: object) -> object:
    """Only RFC 3339 with an offset: no number, no date alone, no local time, no +25:00."""
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise PydanticCustomError("TIME_INVALID", "not an RFC 3339 instant with its offset")


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None or not 1900 <= value.year <= 2200:
        raise PydanticCustomError("TIME_INVALID", "not an instant with its offset")
    return value


Instant = Annotated[datetime, BeforeValidator(_rfc3339), AfterValidator(_aware)]
Line = Annotated[str, Field(max_length=400), AfterValidator(_line), Field(max_length=120)]
Note = Annotated[str, Field(max_length=280), AfterValidator(lambda value: clean_text(value, newlines=True))]
Phone = Annotated[str, Field(max_length=60), AfterValidator(normalise_phone)]

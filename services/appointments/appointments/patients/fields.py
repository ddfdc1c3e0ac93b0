"""Fields of a person: names, birth date, ways to reach them."""

import re
from datetime import date, timedelta
from typing import Annotated, Literal

import phonenumbers
from phonenumbers import PhoneNumberType
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from maillage.clock import now
from maillage.wire import Line, normalise_phone

ContactKind = Literal["mobile", "landline", "email"]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_OLDEST = date(1890, 1, 1)


def _with_a_letter(value: str) -> str:
    if not any(character.isalpha() for character in value):
        raise PydanticCustomError("TEXT_INVALID", "a name holds a letter")
    return value


def _iso_date(value: object) -> object:
    """Only YYYY-MM-DD: pydantic would also read a number of seconds."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("TIME_INVALID", "not a date YYYY-MM-DD")


def _born(value: date) -> date:
    """Tomorrow is allowed: it is already tomorrow in some territories."""
    # allow day-of-a-place: a day more is allowed anyway
    if not _OLDEST <= value <= now().date() + timedelta(days=1):
        raise PydanticCustomError("TIME_INVALID", "not a birth date")
    return value


Name = Annotated[Line, AfterValidator(_with_a_letter)]
BirthDate = Annotated[date, BeforeValidator(_iso_date), AfterValidator(_born)]


def is_mobile(number: str) -> bool:
    """Whether a text can be sent to this E.164 number."""
    parsed = phonenumbers.parse(number)
    kind = phonenumbers.number_type(parsed)
    in_france = (
        parsed.country_code == 33 and str(parsed.national_number)[0] in "67"
    )  # also the numbers kept for fiction
    return in_france or kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def contact_value(kind: ContactKind, value: str) -> str:
    """The one way to write a contact: E.164, or the address in lower case. `PHONE_INVALID` also for a landline called
    mobile.
    """
    if kind == "email":
        address = value.strip().lower()
        if not _EMAIL.fullmatch(address):
            raise PydanticCustomError("TEXT_INVALID", "not an e-mail address")
        return address
    number = normalise_phone(value)
    if kind == "mobile" and not is_mobile(number):
        raise PydanticCustomError("PHONE_INVALID", "not a mobile number")
    return number

"""Contacts that can get a code: which numbers are paid for, and how each can be reached (design: gateway 3.6)."""

import re
import unicodedata
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from gateway.codes.domain import Channel
from maillage.wire import is_fiction

# France and its overseas numbers: nothing else is paid for.
_CALLING_CODES: Final = frozenset({33, 262, 590, 594, 596})
_ORDINARY: Final = frozenset(
    {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP}
)
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)


def possible(channel: Channel, address: str) -> tuple[str | None, tuple[Channel, ...]]:
    """The normalised contact, or None with the channels that can still reach the person.

    Mobiles get SMS and calls, landlines calls; premium, shared-cost, short and foreign numbers get nothing.
    """
    if channel == "email":
        mail = normal_email(address)
        return mail, () if mail else ("sms", "voice")
    number = _number(address)
    if number is None:
        return None, ("email",)
    channels = ways(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if channel not in channels:
        return None, channels
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), ()


def ways(contact: str) -> tuple[Channel, ...]:
    """How a normalised contact can be reached, best first."""
    if "@" in contact:
        return ("email",)
    return ("sms", "voice", "email") if _is_mobile(phonenumbers.parse(contact, None)) else ("voice", "email")


def normal_email(address: str) -> str | None:
    """Trimmed, its domain in lower case; None when mail cannot be sent there."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().rpartition("@")
    mail = f"{local}@{domain.lower()}"
    fine = (
        at
        and len(mail) <= 254
        and _EMAIL.fullmatch(mail)
        and ".." not in local
        and local[0] != "."
        and local[-1] != "."
    )
    return mail if fine else None


def _number(address: str) -> PhoneNumber | None:
    typed = unicodedata.normalize("NFKC", address[:41])
    if len(typed) > 40 or not typed.isprintable():
        return None
    try:
        number = phonenumbers.parse(typed.replace("(0)", ""), "FR")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code not in _CALLING_CODES or number.extension:
        return None
    if is_fiction(number) and len(str(number.national_number)) == 9:
        return number
    fine = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _ORDINARY
    return number if fine else None


def _is_mobile(number: PhoneNumber) -> bool:
    if is_fiction(number):
        return str(number.national_number).startswith(("6", "7"))
    return phonenumbers.number_type(number) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def masked(contact: str) -> str:
    """Enough to recognise one's own contact, not to learn another's."""
    if "@" in contact:
        local, _, domain = contact.rpartition("@")
        return f"{local[0]}•••@{domain}"
    number = phonenumbers.format_number(phonenumbers.parse(contact, None), phonenumbers.PhoneNumberFormat.NATIONAL)
    shown = [sign if at < 2 or at >= len(number) - 2 or sign == " " else "•" for at, sign in enumerate(number)]
    return "".join(shown).replace(" ", "\u00a0")

"""What a telephone system can do, and which numbers it may be asked to dial."""

import phonenumbers
from phonenumbers import PhoneNumberType

from maillage.database import Tx
from maillage.wire import is_fiction
from telesecretariat.calls.errors import AdapterCannot, NumberNotAllowed
from telesecretariat.calls.rows import Call
from telesecretariat.dispatch.errors import LineObservedOnly
from telesecretariat.telephony import queries
from telesecretariat.telephony.port import CommandKind

_DIALLED = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.TOLL_FREE,
}
_FRANCE = 33


async def refuse_unable(tx: Tx, call: Call, kind: CommandKind) -> None:
    """Refused: `LINE_OBSERVED_ONLY` for a line that we only follow, `ADAPTER_CANNOT` when its system cannot."""
    if call.observed:
        raise LineObservedOnly
    if not await tx.fetchval(queries.CAN, call.adapter_id, kind):
        raise AdapterCannot


def dialable(to: str, *, pointer: str) -> str:
    """The number in E.164. Refused: `NUMBER_NOT_ALLOWED` for anything but a complete French number that is neither
    short nor premium (toll fraud; the 15 is dialled by its own key alone)."""
    try:
        number = phonenumbers.parse(to, "FR")
    except phonenumbers.NumberParseException:
        raise NumberNotAllowed(pointer=pointer) from None
    national = number.country_code == _FRANCE and phonenumbers.is_possible_number(number)
    plain = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _DIALLED
    if not national or not (plain or is_fiction(number)):
        raise NumberNotAllowed(pointer=pointer)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_of_fiction(number: str) -> bool:
    """Whether a number (E.164) is of the blocks that nobody has: real telephone systems never dial them."""
    try:
        return is_fiction(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False

"""What the patient pages copy of the telephone and of the duty: whether the line answers, which number is on duty."""

from pydantic_core import PydanticCustomError

from appointments.lines import queries
from contracts.permanence import SchemeAdopted
from contracts.telesecretariat import LineClosed, LineOpened
from maillage.consumers import Envelope, on
from maillage.database import Tx
from maillage.wire import normalise_phone


async def _told(tx: Tx, event: LineOpened, envelope: Envelope) -> None:
    """The event's own type says which it is; the highest sequence wins, whatever the order of arrival."""
    is_open = envelope.type == LineOpened.TYPE
    values = (is_open, event.until, event.next_opening, envelope.sequence)
    await tx.execute(queries.KEEP_LINE, event.line_id, envelope.organisation_id, *values)


async def _adopted(tx: Tx, event: SchemeAdopted, envelope: Envelope) -> None:
    if not _can_be_dialled(event.patient_number):
        return
    values = (event.patient_number, event.effective_from, event.version)
    await tx.execute(queries.KEEP_DUTY_NUMBER, event.scheme_id, *values)


def _can_be_dialled(number: str) -> bool:
    """A short number such as 116117, or E.164: anything else would break the page that shows it."""
    if number.isascii() and number.isdigit():
        return 2 <= len(number) <= 6
    try:
        return normalise_phone(number) == number
    except PydanticCustomError:
        return False


consumers = [on(LineOpened, _told), on(LineClosed, _told), on(SchemeAdopted, _adopted)]

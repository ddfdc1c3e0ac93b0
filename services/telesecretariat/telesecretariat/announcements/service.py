"""Use cases of announcements."""

from maillage.database import Tx
from telesecretariat.announcements import queries
from telesecretariat.announcements.schemas import Moment, Part
from telesecretariat.lines.rows import Line


async def spoken(tx: Tx, line: Line, moment: Moment) -> list[Part]:
    """What the line says at a moment: its own announcement, else its client's; nothing when neither is set."""
    return read(await queries.spoken(tx, line.client_id, line.id, moment))


def read(stored: object) -> list[Part]:
    """Parts as they are stored."""
    return [Part.model_validate(part) for part in stored] if isinstance(stored, list) else []

"""What a caller hears of a closed line, in this order: danger of life, who is on duty, next opening, web address.

Nothing here waits for another service: what permanence tells is kept in `duty_notice`, and is silent once expired.
"""

from datetime import datetime
from typing import Final, cast

from maillage.database import Tx
from telesecretariat.announcements.schemas import Part
from telesecretariat.announcements.service import read, spoken
from telesecretariat.lines import queries
from telesecretariat.lines.domain import is_duty_time
from telesecretariat.lines.rows import Line
from telesecretariat.lines.words import in_words
from telesecretariat.settings import TelesecretariatSettings

DANGER: Final = Part(
    kind="recording",
    fragment="danger_15",
    text="En cas de danger pour la vie, raccrochez et composez le 15.",
    text_en="If life is in danger, hang up and dial 15.",
)


async def closed(tx: Tx, line: Line, at: datetime, next_opening: datetime | None) -> list[Part]:
    """The announcement of a line that is closed at `at`. A daytime closing by exception says nothing of the duty."""
    duty = await _duty(tx, line, at) if is_duty_time(line.calendar, at) else []
    opens = [] if next_opening is None else [_opens(line, next_opening)]
    web = [_web(line.web_address)] if line.web_address else []
    return [DANGER, *duty, *opens, *web]


async def _duty(tx: Tx, line: Line, at: datetime) -> list[Part]:
    """The notices of the line's sectors that are valid; where no permanence is connected, the text set for closing."""
    if line.duty_sectors:
        found = await queries.notices(tx, line.organisation_id, line.duty_sectors, at)
        if found:
            return [part for row in found for part in read(row["parts"])]
    if cast(TelesecretariatSettings, tx.settings).on_duty_url is None:
        return await spoken(tx, line, "closed")
    return []


def _opens(line: Line, at: datetime) -> Part:
    words = in_words(at, line.zone)  # the English one ends with a full stop of its own: a.m.
    return Part(kind="date", at=at, text=f"La ligne rouvre {words.fr}.", text_en=f"The line reopens on {words.en}")


def _web(address: str) -> Part:
    return Part(kind="text", fragment="web", text=f"Sur internet : {address}", text_en=f"On the web: {address}")

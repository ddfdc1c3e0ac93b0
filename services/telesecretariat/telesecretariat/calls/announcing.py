"""What a caller hears from us while he waits, or before we put the line down."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from maillage.database import Tx
from telesecretariat.announcements.schemas import Part
from telesecretariat.calls import domain
from telesecretariat.calls.rows import Call
from telesecretariat.lines.announcing import DANGER
from telesecretariat.telephony.asking import ask

EVERY: Final = timedelta(seconds=60)
"""How often somebody who waits hears his place (parameter)."""
PRESS_1: Final = Part(
    kind="recording",
    fragment="press_1",
    text="Pour être rappelé sans perdre votre place, tapez 1.",
    text_en="To be called back without losing your place, press 1.",
)


def with_emergency(said: Sequence[Part]) -> Sequence[Part]:
    """The same, beginning with the 15 if that is not in it: whoever is not served hears it."""
    return said if any(part.fragment == DANGER.fragment for part in said) else [DANGER, *said]


async def say(tx: Tx, call: Call, said: Sequence[Part], *, final: bool = False) -> None:
    """Announces; nothing to say is not asked. `final`: what follows waits until it has been heard."""
    if said:
        parts: list[JsonValue] = [part.model_dump(mode="json", exclude_none=True) for part in said]
        await ask(tx, call, "announce", parts=parts, final=final)


async def say_place(tx: Tx, call: Call, place: int) -> None:
    """His place in the queue, and the time it may take when that is known."""
    said = [_place(place)]
    between = domain.announced_minutes(call.estimate_s)
    if between is not None:
        said += _minutes(*between)
    if call.callback_offered:
        said.append(PRESS_1)
    await say(tx, call, said)


def _place(place: int) -> Part:
    # Two digits are the shortest number that a part carries: fragments are recorded for the first places.
    return Part(
        kind="recording",
        fragment=f"place_{min(place, 50)}",
        text=f"Vous êtes en position {place}.",
        text_en=f"You are number {place} in the queue.",
    )


def _minutes(least: int, most: int) -> list[Part]:
    return [
        Part(
            kind="recording",
            fragment=f"wait_{min(least, 60)}_to_{min(most, 60)}",
            text=f"L'attente est de {least} à {most} minutes.",
            text_en=f"The wait is {least} to {most} minutes.",
        )
    ]

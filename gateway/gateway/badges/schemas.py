"""Wire types of badges."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from gateway.badges.domain import read_badge
from maillage.wire import Instant, Wire


def _badge(value: str) -> str:
    badge = read_badge(value)
    if badge is None:
        raise PydanticCustomError("TEXT_INVALID", "not a badge")
    return badge


Badge = Annotated[str, Field(max_length=128), AfterValidator(_badge)]
Typed = Annotated[str, Field(max_length=64)]


class BadgeIn(Wire):
    """What the reader says of a card: 4 to 64 letters and digits."""

    badge: Badge


class BadgeOut(Wire):
    """The badge is given. `code` is told once: with it and the badge, the person chooses a PIN at a shared post."""

    person_id: UUID
    code: str
    code_expires_at: Instant


class PinIn(Wire):
    """The first PIN of a badge: six digits, neither a run nor a repetition."""

    badge: Badge
    code: Typed
    pin: Typed


class BadgeSignIn(Wire):
    """A badge and its PIN."""

    badge: Badge
    pin: Typed

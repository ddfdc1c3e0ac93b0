"""Wire types of one-time codes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.codes.domain import Channel
from maillage.wire import Instant, Wire

Typed = Annotated[str, Field(max_length=400)]


class CodeIn(Wire):
    """Where to send a code: a mobile for `sms`, any ordinary French number for `voice`, an address for `email`.

    `return_to`: the page of `/rdv` to go back to, for forms.
    """

    channel: Channel
    address: Typed
    return_to: Typed | None = None


class CodeAgain(Wire):
    """The same contact once more, perhaps by another channel."""

    channel: Channel


class CodeOut(Wire):
    """A code is on its way. It works until `expires_at`, five times at most, once; ask for another from `resend_at`
    on."""

    id: UUID
    expires_at: Instant
    resend_at: Instant


class CodeTyped(Wire):
    """The six digits, as typed: spaces and digits of any script are understood."""

    code: Typed

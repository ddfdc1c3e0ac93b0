"""Wire types of receipts."""

from typing import Annotated

from pydantic import Field

from appointments.messages.domain import Said
from maillage.wire import Instant, Wire

Reference = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class ReceiptIn(Wire):
    """What became of one message. `provider_ref`: the provider's name for it, as answered when it took it over; `ref`:
    ours, as we sent it, which also settles a message whose answer never reached us. `at`: by the provider's clock.
    """

    receipt_id: Reference
    provider_ref: Reference
    ref: Reference | None = None
    state: Said
    at: Instant


class ReceiptsIn(Wire):
    """One receipt, or several."""

    receipts: Annotated[list[ReceiptIn], Field(min_length=1, max_length=100)]


class ReceiptsTaken(Wire):
    """How many receipts are now known, those that came again included."""

    taken: int

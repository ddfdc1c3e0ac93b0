"""How long what a call leaves behind is kept (design: telesecretariat, section 10). The data protection officer of the
centre confirms them; only what differs from these defaults is stored."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from maillage.wire import Wire

MOST_RECORDING_DAYS = 180


def _recordings(days: int) -> int:
    if days > MOST_RECORDING_DAYS:
        raise PydanticCustomError("RECORDING_REFUSED", "longer than six months")
    return days


class Retention(Wire):
    """Days. After `call_days` a call keeps its lengths, states and outcome, for reports, and no number nor free text;
    messages go so long after they were closed; the proof of what was displayed stays ten years."""

    call_days: Annotated[int, Field(ge=30, le=366)] = 365
    message_days: Annotated[int, Field(ge=30, le=3_660)] = 365
    proof_days: Annotated[int, Field(ge=365, le=7_320)] = 3_652
    recording_days: Annotated[int, Field(ge=1), AfterValidator(_recordings)] = MOST_RECORDING_DAYS

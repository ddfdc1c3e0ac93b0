"""Parameters of a line (design: telesecretariat, sections 3 and 10).

Only what differs from these defaults is stored, so that a better default reaches every line that has not chosen
otherwise.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Phone, Wire

Seconds = Annotated[int, Field(ge=0, le=3_600)]


class HeadStarts(Wire):
    """How many seconds earlier somebody is taken to have arrived; together never more than an hour."""

    returned: Seconds = 1_800
    """The call came back by our fault."""
    red_flag: Seconds = 600
    """A red flag of the number in the last 24 hours."""
    repeat_caller: Seconds = 300
    professional: Seconds = 120
    redial: Seconds = 300
    """Back within ten minutes of hanging up: the time already waited, at most so much."""


class OverflowRule(Wire):
    """What happens to who waits once `when` reaches `at_least`; the first rule that matches counts. `wait_s`: seconds
    waited; `waiting`: calls of the line in the queue; `calls_per_agent`: those for each agent signed in."""

    when: Literal["wait_s", "waiting", "calls_per_agent"]
    at_least: Annotated[float, Field(gt=0, le=10_000)]
    act: Literal["widen_skills", "announce", "offer_callback", "transfer", "close"]
    to: Phone | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "OverflowRule":
        if (self.act == "transfer") != (self.to is not None):
            raise PydanticCustomError("INVALID", "a transfer says where to, nothing else does")
        return self


class CallbackPolicy(Wire):
    """Whether a caller may keep his place without staying on the line, and from what estimate on that is offered."""

    offered: bool = True
    from_s: Annotated[int, Field(ge=60, le=3_600)] = 180

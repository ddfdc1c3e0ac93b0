"""Wire types of grids and reviews."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from maillage.wire import Line, Wire, clean_text
from telesecretariat.months import Month
from telesecretariat.quality.domain import PER_AGENT, WHOLE, State

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Score = Annotated[int, Field(ge=0, le=100)]
Remark = Annotated[str, Field(max_length=2_000), AfterValidator(lambda value: clean_text(value, newlines=True))]


class Criterion(Wire):
    """What is looked at, and how much of 100 it weighs."""

    code: Code
    label_fr: Line
    label_en: Line
    weight: Annotated[int, Field(ge=1, le=WHOLE)]


def _weighed(criteria: list[Criterion]) -> list[Criterion]:
    if len({each.code for each in criteria}) < len(criteria):
        raise PydanticCustomError("CRITERION_TWICE", "two criteria of one code")
    if sum(each.weight for each in criteria) != WHOLE:
        raise PydanticCustomError("GRID_WEIGHTS", "the weights do not sum to 100")
    return criteria


class GridIn(Wire):
    """A grid for the caller's organisation; it takes the place of the one before."""

    name: Line
    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=20), AfterValidator(_weighed)]


class GridOut(Wire):
    """A grid; reviews keep the one by which they were drawn."""

    id: UUID
    organisation_id: UUID
    name: str
    criteria: Sequence[Criterion]
    state: Literal["active", "retired"]
    version: int
    created_at: datetime


class DrawIn(Wire):
    """Draws for each agent as many completed calls of a month as are missing of `per_agent`. Same seed, same calls."""

    month: Month
    seed: Annotated[int, Field(ge=0, lt=2**53)]
    per_agent: Annotated[int, Field(ge=1, le=20)] = PER_AGENT


class DrawOut(Wire):
    """How many reviews were drawn, of how many agents."""

    month: Month
    seed: int
    drawn: int
    agents: int


class ReviewItem(Wire):
    """A review in a list, without scores or words."""

    id: UUID
    call_id: UUID
    client_id: UUID
    grid_id: UUID
    agent_id: UUID
    month: Month
    state: State
    shared_at: datetime | None
    version: int
    created_at: datetime


class ReviewOut(ReviewItem):
    """A review. `scores`: 0 to 100 by code of criterion; `total`: 0 to 100 by their weights, null before."""

    scores: Mapping[str, int]
    total: float | None
    comment: str | None
    agent_comment: str | None
    reviewer_id: UUID | None


class ScoreIn(Wire):
    """A score for each criterion of the grid."""

    scores: Annotated[Mapping[Code, Score], Field(max_length=20)]
    comment: Remark | None = None


class CommentIn(Wire):
    """What the agent says of it; null: read, nothing to say."""

    comment: Remark | None = None

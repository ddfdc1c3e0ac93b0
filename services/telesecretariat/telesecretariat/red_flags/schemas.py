"""Wire types of red flags and of the lists they are recognised by."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Instant, Line, Note, Patch, Wire
from telesecretariat.red_flags.domain import Outcome, State

Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]


class RedFlagItem(Wire):
    """One sign, and what to ask in what words. Nothing here judges: a sign that is there is passed on."""

    code: Code
    label: Line
    questions: Annotated[Sequence[Line], Field(max_length=10)] = ()


class RedFlagSetIn(Wire):
    """A draft list of signs; `valid_until` may stay open."""

    client_id: UUID
    items: Annotated[Sequence[RedFlagItem], Field(min_length=1, max_length=60)]
    valid_until: Instant | None = None


class RedFlagSetOut(Wire):
    """One version of the list. `validated_by`: the doctor who signed it."""

    id: UUID
    client_id: UUID
    number: int
    items: Sequence[RedFlagItem]
    state: Literal["draft", "published", "withdrawn"]
    validated_by: UUID | None
    valid_from: Instant | None
    valid_until: Instant | None
    version: int


class RedFlagSets(Wire):
    """The versions of a client's list, newest first."""

    items: Sequence[RedFlagSetOut]


class Answer(Wire):
    """What the caller answered to one question."""

    question: Line
    answer: Note


class RedFlagPatch(Patch):
    """What is learnt while the 15 is being dialled; only the fields sent change."""

    EMPTIABLE = frozenset({"code", "address"})

    code: Code | None = None
    answers: Annotated[Sequence[Answer], Field(max_length=40)] = ()
    address: Note | None = None


class CloseIn(Wire):
    """How it ended. `exact_words` of the caller are asked when he refused."""

    outcome: Outcome | None = None
    exact_words: Note | None = None


class RedFlagOut(Wire):
    """Danger of life during a call. `by_hand`: nothing dials the 15 from here, the agent does. `items`: the list to ask
    from. `number` is the caller's, to be read to the regulator. `attempts`: how often the 15 was dialled. `on_line`:
    the 15 rings, or somebody is there; false after the last attempt failed, or once the regulator was lost.
    """

    id: UUID
    call_id: UUID
    client_id: UUID
    state: State
    by_hand: bool
    attempts: int
    on_line: bool
    items: Sequence[RedFlagItem]
    code: str | None
    answers: Sequence[Answer]
    address: str | None
    number: str | None
    outcome: Outcome | None
    exact_words: str | None
    opened_at: Instant
    three_way_at: Instant | None
    handed_over_at: Instant | None
    closed_at: Instant | None
    version: int


class RedFlagItemOut(Wire):
    """An open red flag in a list: no word of it."""

    id: UUID
    call_id: UUID
    client_id: UUID
    agent_id: UUID
    code: str | None
    state: State
    opened_at: Instant
    version: int


class OpenRedFlags(Wire):
    """All that are open, oldest first."""

    items: Sequence[RedFlagItemOut]

"""Wire types of expected identities."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.accounts.domain import rpps_is_right
from gateway.oidc.domain import RPPS, system_of
from maillage.wire import Instant, Line, Page, Patch, Wire

Short = Annotated[Line, Field(max_length=200)]


class ExpectedIn(Wire):
    """An identity that is awaited in the administrator's own organisation, and the role it will have.

    `system`: `rpps` (eleven digits), `national_id` (as Pro Santé Connect says it, e.g. 8 and the RPPS), or the address
    of an issuer; `value`: the number, or the subject there.
    """

    system: Short
    value: Short
    role: Annotated[str, Field(max_length=40)]

    @model_validator(mode="after")
    def _right(self) -> "ExpectedIn":
        if system_of(self.system) == RPPS and not rpps_is_right(self.value):
            raise PydanticCustomError("TEXT_INVALID", "not an RPPS number")
        return self


class ExpectedPatch(Patch):
    """Whether it is still awaited. No longer: the role that was given for it ends too."""

    active: bool


class ExpectedOut(Wire):
    """One expected identity. `used_at`: when somebody proved it first; null: nobody has come yet."""

    id: UUID
    system: str
    value: str
    role: str
    organisation_id: UUID
    active: bool
    source: Literal["admin", "event"]
    used_at: Instant | None
    version: int


class ExpectedIdentities(Page[ExpectedOut]):
    """Expected identities of the reached organisations, by id."""

"""Wire types of organisations."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.gateway import OrganisationKind
from gateway.accounts.schemas import Email, PersonOut
from gateway.organisations.domain import identifier_is_right
from maillage.wire import Line, Page, Patch, Phone, Wire


class IdentifierOut(Wire):
    """A number that somebody else gives, e.g. system `finess`."""

    system: str
    value: str


class IdentifierIn(Wire):
    """The same, checked: `finess` (9, with key), `siren` (9, with key), `siret` (14, with key); other systems as
    told."""

    system: Line
    value: Line

    @model_validator(mode="after")
    def _right(self) -> Self:
        if not identifier_is_right(self.system, self.value):
            raise PydanticCustomError("TEXT_INVALID", "not such a number")
        return self


Identifiers = Annotated[Sequence[IdentifierIn], Field(max_length=50)]


class AdministratorIn(Wire):
    """The first administrator of a new organisation. `login` is unique on the platform."""

    login: Annotated[Line, Field(min_length=3)]
    display_name: Line
    email: Email | None = None
    phone: Phone | None = None


class OrganisationIn(Wire):
    """A new organisation of the territory, and who will administer it."""

    kind: OrganisationKind
    name: Line
    identifiers: Identifiers = ()
    administrator: AdministratorIn


class OrganisationPatch(Patch):
    """What may change; a field left out stays. `active` false closes, true opens again: operators only."""

    name: Line | None = None
    identifiers: Identifiers | None = None
    active: bool | None = None


class OrganisationOut(Wire):
    """One organisation. `administrator` is told once, by the answer that created it, with the invitation."""

    id: UUID
    kind: OrganisationKind
    name: str
    territory: str
    active: bool
    identifiers: Sequence[IdentifierOut]
    version: int
    administrator: PersonOut | None = None


class Organisations(Page[OrganisationOut]):
    """The reached organisations: the own one; for an operator all of the territory."""

"""Wire types of organisations, sites, places and rooms."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.directory.fields import Code, Finess, InseeCode, PostalCode, Siret, Tag, Zone
from appointments.directory.parameters import Parameters
from maillage.wire import Line, Note, Phone, Wire


class SiteIn(Wire):
    """A place of the organisation where patients are seen. `timezone` is the organisation's when left out."""

    kind: Literal["centre", "branch", "mobile"] = "centre"
    parent_id: UUID | None = None
    code: Code
    name: Line
    finess: Finess | None = None
    siret: Siret | None = None
    address_line: Line | None = None
    postal_code: PostalCode | None = None
    city: Line
    insee_code: InseeCode | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    phone: Phone | None = None
    timezone: Zone | None = None
    access_note: Note | None = None
    step_free: bool | None = None
    active: bool = True

    @model_validator(mode="after")
    def _both_coordinates(self) -> "SiteIn":
        if (self.lat is None) != (self.lon is None):
            raise PydanticCustomError("INVALID", "latitude and longitude go together")
        return self


class SiteOut(Wire):
    """A site as everybody may read it."""

    id: UUID
    organisation_id: UUID
    kind: Literal["centre", "branch", "mobile"]
    parent_id: UUID | None
    code: str
    name: str
    finess: str | None
    siret: str | None
    address_line: str | None
    postal_code: str | None
    city: str
    insee_code: str | None
    lat: float | None
    lon: float | None
    phone: str | None
    timezone: str
    access_note: str | None
    step_free: bool | None
    active: bool
    version: int


class PlaceIn(Wire):
    """A care home or other address of visits."""

    name: Line
    finess: Finess | None = None
    address_line: Line | None = None
    postal_code: PostalCode | None = None
    city: Line
    phone: Phone | None = None
    active: bool = True


class PlaceOut(Wire):
    """A place of visits."""

    id: UUID
    organisation_id: UUID
    name: str
    finess: str | None
    address_line: str | None
    postal_code: str | None
    city: str
    phone: str | None
    active: bool
    version: int


class RoomIn(Wire):
    """A room or a piece of equipment that a visit may need; `tags` are what reasons ask for."""

    kind: Literal["room", "equipment"] = "room"
    site_id: UUID
    name: Line
    tags: Annotated[list[Tag], Field(max_length=20)] = Field(default_factory=list)
    active: bool = True


class RoomOut(Wire):
    """A room or a piece of equipment."""

    id: UUID
    organisation_id: UUID
    kind: Literal["room", "equipment"]
    site_id: UUID
    name: str
    tags: list[str]
    active: bool
    version: int


class OrganisationIn(Wire):
    """What a manager sets. The name follows the gateway's and is not set here."""

    finess_legal: Finess | None = None
    timezone: Zone = "Europe/Paris"
    phone: Phone | None = None
    holiday_zone: Literal["FR", "FR-AM"] = "FR"
    parameters: Parameters = Field(default_factory=Parameters)


class OrganisationOut(Wire):
    """An organisation and its parameters."""

    id: UUID
    name: str
    finess_legal: str | None
    timezone: str
    phone: str | None
    holiday_zone: str
    parameters: Parameters
    version: int

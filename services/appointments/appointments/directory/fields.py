"""Fields of the directory: numbers with a key, codes, zones. Each refuses with its own code."""

from datetime import date
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from appointments.directory import domain

_ZONES = available_timezones()


def _checked(value: str, right: bool, code: str) -> str:
    if not right:
        raise PydanticCustomError(code, "the number does not agree with its key")
    return value


def _no_spaces(value: object) -> object:
    """Numbers are copied with spaces from letters and screens."""
    return "".join(value.split()).upper() if isinstance(value, str) and len(value) < 60 else value


def _zone(value: str) -> str:
    if value not in _ZONES:
        raise PydanticCustomError("ZONE_UNKNOWN", "not an IANA zone")
    return value


Rpps = Annotated[
    str, BeforeValidator(_no_spaces), AfterValidator(lambda v: _checked(v, domain.is_rpps(v), "RPPS_INVALID"))
]
Finess = Annotated[
    str, BeforeValidator(_no_spaces), AfterValidator(lambda v: _checked(v, domain.is_finess(v), "FINESS_INVALID"))
]
Siret = Annotated[
    str, BeforeValidator(_no_spaces), AfterValidator(lambda v: _checked(v, domain.is_siret(v), "SIRET_INVALID"))
]
InseeCode = Annotated[str, Field(pattern=r"^([0-9]{2}|2[AB])[0-9]{3}$")]
PostalCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
Zone = Annotated[str, AfterValidator(_zone)]
Code = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", description="Name in addresses and imports; never changes."
    ),
]
Specialty = Annotated[
    str, Field(pattern=r"^[A-Z]{1,5}[0-9]{1,3}$", description="NOS TRE_R38; SM54 is general medicine.")
]
Tag = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Email = Annotated[
    str, Field(max_length=254, pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]

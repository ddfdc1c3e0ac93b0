"""The hospital's opaque identifier of one intervention, and what it must not be."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cooperation.uses.errors import PatientDataSuspected

_OPAQUE: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[._:/-]")
_NUMBER: Final = re.compile(r"[0-9]{13}(?:[0-9]{2})?|[0-9]{5}2[AB][0-9]{6}(?:[0-9]{2})?", re.ASCII | re.IGNORECASE)
"""A French national health number: 13 characters, 15 with its key; 2A and 2B are the two departments of Corsica."""


def _opaque(value: str) -> str:
    if "@" in value or any(each.isspace() for each in value) or _NUMBER.fullmatch(_SEPARATORS.sub("", value)):
        raise PydanticCustomError(PatientDataSuspected.code, "patient data suspected")
    if not _OPAQUE.fullmatch(value):
        raise PydanticCustomError("INVALID", "1 to 64 letters, digits and . _ : -")
    return value


OperationRef = Annotated[str, Field(max_length=400), AfterValidator(_opaque)]
"""It stands in addresses. Refused: `PATIENT_DATA_SUSPECTED` for what looks like a national health number (13 or 15
digits), has a space or an `@`; `INVALID` for other signs than letters, digits and `. _ : -`, or more than 64. The value
is in no answer."""

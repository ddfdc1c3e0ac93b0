"""Words for staff: what a person says of a thing or an act. They are never of a patient."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cooperation.uses.errors import PatientDataSuspected
from maillage.wire import Line, clean_text

_BETWEEN: Final = re.compile(r"(?<=[0-9AB])[ .\-\u00a0\u202f](?=[0-9AB])")
_NUMBER: Final = re.compile(r"(?<![0-9])(?:[0-9]{15}|[0-9]{13}|[0-9]{5}2[AB][0-9]{6}(?:[0-9]{2})?)(?![0-9])", re.ASCII)
"""A French national health number within a sentence, its groups joined: 13 characters, 15 with its key."""


def about_no_patient(text: str) -> str:
    """The text as it is. Raises `PATIENT_DATA_SUSPECTED` when a national health number may stand in it."""
    if _NUMBER.search(_BETWEEN.sub("", text.upper())):
        raise PydanticCustomError(PatientDataSuspected.code, "patient data suspected")
    return text


def _said(text: str) -> str:
    text = about_no_patient(clean_text(text, newlines=True))
    if not text:
        raise PydanticCustomError("TEXT_INVALID", "empty")
    return text


StaffNote = Annotated[str, Field(max_length=1000), AfterValidator(_said)]
"""1 to 1,000 characters. Refused: `TEXT_INVALID`; `PATIENT_DATA_SUSPECTED` when 13 or 15 digits in it may be a
national health number."""
StaffLine = Annotated[Line, AfterValidator(about_no_patient)]
"""One line of 1 to 120 characters. Refused as a `StaffNote`."""

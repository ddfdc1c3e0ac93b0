"""An operation's reference in an address: what is wrong with it is said as in a body, not with a 404."""

from typing import Final

from pydantic import TypeAdapter, ValidationError

from cooperation.uses.errors import PatientDataSuspected
from cooperation.uses.operation_ref import OperationRef
from maillage.refusals import Invalid

_REF: Final[TypeAdapter[str]] = TypeAdapter(OperationRef)


def opaque(text: str) -> str:
    """The reference. Refused: `PATIENT_DATA_SUSPECTED`, `INVALID`; the value is in no answer."""
    try:
        return _REF.validate_python(text)
    except ValidationError as wrong:
        suspected = any(each["type"] == PatientDataSuspected.code for each in wrong.errors())
    raise PatientDataSuspected if suspected else Invalid

"""The identity of a pack, its shelf life, and the reference of an operation."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cooperation.codes.domain import read
from cooperation.runs.labelling import sscc
from cooperation.runs.shelf import expiry
from cooperation.uses.operation_ref import OperationRef

REF = TypeAdapter(OperationRef)


def test_a_label_is_an_sscc_of_the_group() -> None:
    assert sscc("9521234", 417) == "095212340000004172"
    with pytest.raises(ValueError, match="no more"):
        sscc("952123400000", 10_000)


@given(st.from_regex(r"[1-9][0-9]{6,11}", fullmatch=True), st.integers(min_value=0, max_value=9999))
def test_any_label_reads_back(prefix: str, serial: int) -> None:
    code = read(f"]d200{sscc(prefix, serial)}")
    assert (code.kind, int(code.key[1 + len(prefix) : 17])) == ("pack", serial)


def test_a_container_of_2_march_expires_on_29_august() -> None:
    assert expiry(180, date(2026, 3, 2)) == date(2026, 8, 29)
    assert expiry(30, date(2028, 2, 1)) == date(2028, 3, 2)


@pytest.mark.parametrize("ref", ["OP-2026-0412", "urn:op:77.1-b", "0199a1c0-0000-7000-8000-000000000001", "1" * 12])
def test_an_opaque_reference_passes(ref: str) -> None:
    assert REF.validate_python(ref) == ref


@pytest.mark.parametrize(
    "ref",
    ["1850752000123", "185075200012345", "1-85-07-52-000-123", "2.85.07.2A.000.123.45", "M Durand", "a@b", "a\u00a0b"],
)
def test_what_looks_like_a_patient_is_refused(ref: str) -> None:
    with pytest.raises(ValidationError) as refused:
        REF.validate_python(ref)
    assert refused.value.errors()[0]["type"] == "PATIENT_DATA_SUSPECTED"


@pytest.mark.parametrize("ref", ["", "x" * 65, "é", "a|b"])
def test_other_signs_are_invalid(ref: str) -> None:
    with pytest.raises(ValidationError) as refused:
        REF.validate_python(ref)
    assert refused.value.errors()[0]["type"] == "INVALID"

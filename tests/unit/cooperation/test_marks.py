"""Numbers with check digits and engraved marks as fields: one name whatever form was read, a wrong digit refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from cooperation.codes.domain import check_digit
from cooperation.members.marks import Finess, Gln, InstrumentMark, SetMark, Zone


class Fields(BaseModel):
    """One of each."""

    gln: Gln | None = None
    finess: Finess | None = None
    tag: SetMark | None = None
    code: InstrumentMark | None = None
    zone: Zone | None = None


def code(**field: str) -> str:
    """The code that this field is refused with."""
    with pytest.raises(ValidationError) as refused:
        Fields.model_validate(field)
    return refused.value.errors()[0]["type"]


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 9))
def test_one_gln_of_ten_is_right(digits: str, off: int) -> None:
    right = check_digit(digits)
    assert Fields(gln=f"{digits}{right}").gln == f"{digits}{right}"
    assert code(gln=f"{digits}{(right + off) % 10}") == "CHECK_DIGIT"


@given(st.integers(0, 8), st.integers(1, 9))
def test_a_finess_number_with_one_digit_wrong_is_refused(place: int, off: int) -> None:
    good = "210780581"  # a public number: Luhn over all nine digits
    assert Fields(finess=good).finess == good
    wrong = good[:place] + str((int(good[place]) + off) % 10) + good[place + 1 :]
    assert code(finess=wrong) == "CHECK_DIGIT"
    assert Fields(finess="2A0000014").finess == "2A0000014"


@pytest.mark.parametrize(
    "read",
    [
        "]d2800309521234000129CHA0417",
        "(8003)09521234000129CHA0417",
        "https://id.gs1.org/8003/09521234000129CHA0417",
        "urn:epc:id:grai:9521234.00012.CHA0417",
    ],
)
def test_a_set_has_one_name_whatever_was_read(read: str) -> None:
    assert Fields(tag=read).tag == "https://id.gs1.org/8003/09521234000129CHA0417"


def test_the_mark_of_something_else_is_refused() -> None:
    assert code(tag="(8003)09521234000129") == "MARK_INVALID"  # a GRAI without serial number is a kind of set
    assert code(tag="(8004)9521234X1") == "MARK_INVALID"
    assert code(tag="]d200095212340000004172") == "MARK_INVALID"
    assert code(tag="à&é\"'") == "CODE_GARBLED"
    assert code(tag="") == "CODE_EMPTY"
    assert code(code="(01)09521234000013") == "MARK_INVALID"  # a model, not one instrument
    assert Fields(code="(01)09521234000013(21)7").code == "https://id.gs1.org/01/09521234000013/21/7"
    assert code(zone="Europe/Chaumont") == "ZONE_UNKNOWN"

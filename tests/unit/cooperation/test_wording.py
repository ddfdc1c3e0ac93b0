"""Words for staff: a national health number in them is refused, however it is written; the rest of the trade is not."""

import pytest
from pydantic_core import PydanticCustomError

from cooperation.issues.wording import about_no_patient


@pytest.mark.parametrize(
    "words",
    [
        "patient 285057800608436",
        "2850578006084",
        "for 2 85 05 78 006 084 36, today",
        "no. 1-85-05-2A-006-084",
        "185052b006084 90",
    ],
)
def test_a_health_number_is_refused(words: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        about_no_patient(words)
    assert refused.value.type == "PATIENT_DATA_SUSPECTED"


@pytest.mark.parametrize(
    "words",
    ["cycle 4711 of 2026-03-04 at 07:41", "label 095212340000004172", "12 clips, 4 missing", "0325 01 02 03 04"],
)
def test_words_of_the_trade_are_fine(words: str) -> None:
    assert about_no_patient(words) == words

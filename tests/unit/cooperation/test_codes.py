"""What scanners read: each form of one object has one name; what is not exactly a code is refused, never guessed."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.codes.domain import GS, LONGEST, CodeRefused, check_digit, keepable, read, read_day

SET = "https://id.gs1.org/8003/09521234000129CHA0417"
around = date(2026, 3, 2)
cset82 = st.text("!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz", min_size=1, max_size=16)


def keyed(digits: str) -> str:
    """With its check digit."""
    return f"{digits}{check_digit(digits)}"


@pytest.mark.parametrize(
    "text",
    [
        "]d2800309521234000129CHA0417",
        f"]C1{GS}800309521234000129CHA0417",
        f"]d2800309521234000129CHA0417{GS}",
        "(8003)09521234000129CHA0417",
        "https://id.gs1.org/8003/09521234000129CHA0417",
        "https://sterilisation.example/codes/8003/09521234000129CHA0417?17=260829",
        "urn:epc:id:grai:9521234.00012.CHA0417",
        "  (8003)09521234000129CHA0417\r\n",
        "]Q1https://id.gs1.org/8003/09521234000129CHA0417",
        "(8003)09521234000129CHA0417(8200)example.org/a(420)52000(3103)000900",
        f"]d2800309521234000129CHA0417{GS}42052000{GS}3103000900",
        "https://id.gs1.org/8003/09521234000129CHA0417?3103=000900&linkType=all",
    ],
)
def test_one_set_has_one_name(text: str) -> None:
    code = read(text)
    assert (code.kind, code.key, code.uri) == ("set", "09521234000129CHA0417", SET)


@pytest.mark.parametrize(
    ("text", "kind", "uri"),
    [
        ("(00)095212340000004172", "pack", "https://id.gs1.org/00/095212340000004172"),
        ("(8004)9521234KOCHER-7/2", "instrument", "https://id.gs1.org/8004/9521234KOCHER-7%2F2"),
        ("urn:epc:id:giai:9521234.KOCHER-7", "instrument", "https://id.gs1.org/8004/9521234KOCHER-7"),
        ("urn:epc:id:sscc:9521234.0000000417", "pack", "https://id.gs1.org/00/095212340000004172"),
        (f"(01){keyed('0952123400012')}(21)A1", "item", f"https://id.gs1.org/01/{keyed('0952123400012')}/21/A1"),
        (f"(414){keyed('952123400001')}(254)Q2", "place", f"https://id.gs1.org/414/{keyed('952123400001')}/254/Q2"),
        (f"(417){keyed('952123400001')}", "party", f"https://id.gs1.org/417/{keyed('952123400001')}"),
        ("B:7f3a-1", "badge", "B:7f3a-1"),
        ("P:CHA-SORTIE", "station_place", "P:CHA-SORTIE"),
    ],
)
def test_each_kind_of_object(text: str, kind: str, uri: str) -> None:
    code = read(text)
    assert (code.kind, code.uri) == (kind, uri)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", "CODE_EMPTY"),
        (" \n", "CODE_EMPTY"),
        ("(00)" + "0" * LONGEST, "CODE_TOO_LONG"),
        ("à&é\"'", "CODE_GARBLED"),
        ("&é\"'(-è_ç", "CODE_GARBLED"),
        ("(8003)09521234000128CHA0417", "CHECK_DIGIT"),
        ("(8003)19521234000129CHA0417", "CHECK_DIGIT"),
        ("(00)095212340000004171", "CHECK_DIGIT"),
        ("(99)1234", "CODE_UNKNOWN"),
        ("]d2991234", "CODE_UNKNOWN"),
        ("(04)1234", "AI_UNKNOWN"),
        ("]d2051234", "AI_UNKNOWN"),
        ("(00)095212340000004172(3109)000100", "AI_UNKNOWN"),
        ("(00)095212340000004172(3103)00100", "AI_LENGTH"),
        ("(00)095212340000004172(37)12A", "AI_CHARACTER"),
        ("(00)095212340000004172(02)09521234000120", "CHECK_DIGIT"),
        ("(00)095212340000004172(7003)2613321200", "DATE_INVALID"),
        ("(8018)095212340000004172", "PATIENT_DATA"),
        ("(00)095212340000004172(7253)X", "PATIENT_DATA"),
        ("1850552123456", "PATIENT_DATA"),
        ("1 85 05 52 123 456 78", "PATIENT_DATA"),
        ("MARTIN MARIE", "PATIENT_DATA"),
        ("x" * 41, "PATIENT_DATA"),
        ("(00)09521234", "AI_LENGTH"),
        ("(8004)" + "A" * 31, "AI_LENGTH"),
        ("(8003)0952123400012", "AI_LENGTH"),
        ("(00)09521234000000417X", "AI_CHARACTER"),
        ("(00)٠95212340000004172", "AI_CHARACTER"),
        (f"(01){keyed('0952123400012')}(17)261332", "DATE_INVALID"),
        (f"(01){keyed('0952123400012')}(17)260230", "DATE_INVALID"),
        (f"]d201{keyed('0952123400012')}21ABCDEFGHIJKLMNOPQRST17260829", "SEPARATOR_MISSING"),
        ("(00)095212340000004172(00)095212340000004189", "AI_REPEATED"),
        ("(00)095212340000004172(8004)9521234A", "TWO_CODES"),
        ("(00)095212340000004172\n(00)095212340000004172", "TWO_CODES"),
        ("]d200095212340000004172]d200095212340000004172", "TWO_CODES"),
        ("(10)LOT7", "CODE_UNKNOWN"),
        ("hello", "CODE_UNKNOWN"),
        ("095212340000004172", "CODE_UNKNOWN"),
        ("https://id.gs1.org/8003", "CODE_UNKNOWN"),
        ("https://id.gs1.org/", "CODE_UNKNOWN"),
        ("urn:epc:id:grai:9521234.00012", "CODE_UNKNOWN"),
        ("urn:epc:id:sscc:9521234.1", "AI_LENGTH"),
        ("(8003)09521234000129CHA0417 ", None),
        ("x(8003)09521234000129CHA0417", "CODE_UNKNOWN"),
    ],
)
def test_what_is_not_a_code_is_refused(text: str, refused: str | None) -> None:
    if refused is None:
        assert read(text).uri == SET
        return
    with pytest.raises(CodeRefused) as caught:
        read(text)
    assert caught.value.code == refused
    assert text.strip() not in str(caught.value) or not text.strip(), "nothing of what was read is in the message"


def test_a_numbered_thing_is_named_without_its_lot() -> None:
    """Its label may say the lot, and the next label not."""
    gtin = keyed("0952123400012")
    assert read(f"(01){gtin}(10)L7(21)A1").uri == read(f"(01){gtin}(21)A1").uri
    assert read(f"(01){gtin}(10)L7").uri.endswith("/10/L7")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(00)095212340000004171", True),
        ("]d2991234", True),
        ("à&é\"'", True),
        ("hello", True),
        ("(8003)" + "1" * 600, False),
        ("B:7f3a-1", True),
        ("1850552123456", False),
        ("185055212345678", False),
        ("&_(à((é&é\"'(-", False),
        ("MARTIN MARIE", False),
        ("MARTIN^MARIE^^F", False),
        ("m.m@mail.example", False),
        ("(8018)095212340000004172", False),
        ("https://id.gs1.org/8018/095212340000004172", False),
        ("]d28018095212340000004172", False),
        ("(00)095212340000004172(7253)MARTIN", False),
        ("(00)095212340000004172\nMARTIN MARIE", False),
    ],
)
def test_what_may_be_about_a_patient_is_not_kept(text: str, kept: bool) -> None:
    """A wristband, a label with a name, a national health number: its length remains."""
    assert keepable(text) == (text if kept else f"[{len(text)}]")


@given(st.text(max_size=600))
def test_any_text_is_a_code_or_a_refusal(text: str) -> None:
    with contextlib.suppress(CodeRefused):
        read(text)


@given(st.integers(0, 10**12 - 1), cset82, cset82)
def test_every_form_of_an_item_is_the_same(number: int, serial: str, lot: str) -> None:
    """Written as elements with separators, and as a link: the same fields, the same name."""
    gtin = keyed(f"0{number:012d}")
    elements = read(f"]d201{gtin}21{serial}{GS}10{lot}")
    link = read(elements.uri)
    assert (elements.kind, elements.key, elements.uri) == (link.kind, link.key, link.uri)
    assert (elements.field("01"), elements.field("21"), elements.field("10")) == (gtin, serial, lot)


@given(st.text("0123456789", min_size=7, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(digits: str, place: int, more: int) -> None:
    whole = keyed(digits)
    at = place % len(whole)
    wrong = whole[:at] + str((int(whole[at]) + more) % 10) + whole[at + 1 :]
    assert check_digit(wrong[:-1]) != int(wrong[-1])


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("260829", date(2026, 8, 29)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("261200", date(2026, 12, 31)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
    ],
)
def test_days(value: str, day: date) -> None:
    """Day 00 is the last of the month; the year is at most 50 ahead."""
    assert read_day(value, around) == day

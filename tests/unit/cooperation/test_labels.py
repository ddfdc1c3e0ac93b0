"""Labels: the symbol drawn is read back as the same GS1 code; nothing of the text is lost or leaks into the format."""

import re
import xml.etree.ElementTree as ET

import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from cooperation.codes.domain import read
from cooperation.labels.drawing import pdf, svg, zpl
from cooperation.labels.layout import Label, lay_out
from cooperation.labels.symbol import datamatrix, runs_of
from cooperation.runs.labelling import sscc

NUMBER = "095212340000004172"
SVG = "{http://www.w3.org/2000/svg}"
TEXTS = st.lists(st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Zs"]), min_size=1), max_size=4)


def label(strong: list[str] | None = None) -> Label:
    return Label(
        NUMBER, ["Boîte n° 1 <essai> & ^XZ", "C1"], strong or ["MANQUE : 1 × clip"], ["Propriétaire : Langres"]
    )


def scanned(dark: set[tuple[int, int]], size: int, scale: int = 8) -> str:
    """What a reader reads of these dark modules, printed with a quiet zone: the element string."""
    side = (size + 4) * scale
    pixels = bytearray(b"\xff" * side * side)
    for row, column in dark:
        for y in range((row + 2) * scale, (row + 3) * scale):
            begins = y * side + (column + 2) * scale
            pixels[begins : begins + scale] = b"\x00" * scale
    found = zxingcpp.read_barcodes(memoryview(pixels).cast("B", (side, side)), text_mode=zxingcpp.TextMode.Plain)
    assert [one.format for one in found] == [zxingcpp.BarcodeFormat.DataMatrix]
    assert found[0].symbology_identifier == "]d2"
    return found[0].symbology_identifier + found[0].text


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9 - 1))
def test_the_symbol_is_read_back(serial: int) -> None:
    number = sscc("9521234", serial)
    modules = datamatrix((("00", number),))
    dark = {(row, column) for row, line in enumerate(modules) for column, each in enumerate(line) if each}
    assert scanned(dark, len(modules)) == f"]d200{number}"
    assert read(scanned(dark, len(modules))).key == number


def test_the_svg_draws_that_symbol_and_every_word() -> None:
    root = ET.fromstring(svg(label()))
    path = root.find(f"{SVG}path")
    assert path is not None
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.attrib["d"])
    dark = {(int(row), column) for x, row, length in bars for column in range(int(x), int(x) + int(length))}
    assert scanned(dark, 16) == f"]d200{NUMBER}"
    told = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert told == f"Boîte n° 1 <essai> & ^XZ C1 (00) {NUMBER} MANQUE : 1 × clip Propriétaire : Langres"


def test_the_pdf_is_one_page_with_the_symbol_as_vectors() -> None:
    document = pdf(label())
    start = int(document.rsplit(b"startxref\n", 1)[1].split()[0])
    places = [int(line[:10]) for line in document[start:].split(b"\n")[3:9]]
    assert all(document[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, start=1))
    assert document.count(b"/Type/Page/") == 1
    modules = datamatrix((("00", NUMBER),))
    assert document.count(b" re f") == sum(len(runs_of(line)) for line in modules)
    assert "(Propriétaire : Langres) Tj".encode("cp1252") in document


def test_the_printer_draws_a_gs1_symbol_and_no_text_is_a_command() -> None:
    sent = zpl(label()).decode()
    assert f"^BXN,5,200,,,,_^FD_100{NUMBER}^FS" in sent
    assert sent.count("^XZ") == 1
    assert "_5EXZ" in sent


@settings(max_examples=15, deadline=None)
@given(TEXTS)
def test_whatever_is_missing_is_named_in_full(strong: list[str]) -> None:
    page = lay_out(label(strong))
    told = "".join(each.text for each in page.texts)
    assert "".join("".join(each.split()) for each in strong) in "".join(told.split())
    assert max(each.y for each in page.texts) < page.height
    ET.fromstring(svg(label(strong)))

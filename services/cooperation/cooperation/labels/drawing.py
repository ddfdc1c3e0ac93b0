"""A label as SVG, as PDF of one page, and as ZPL, where the printer draws the symbol itself."""

import re
from typing import Final
from xml.sax.saxutils import escape

from cooperation.labels.layout import MODULE, SYMBOL_AT, WIDTH, Label, lay_out
from cooperation.labels.symbol import datamatrix, runs_of

POINTS: Final = 72 / 25.4
DOTS: Final = 8
"""Per millimetre: a printer of 203 dpi."""


def svg(label: Label) -> bytes:
    """Vectors in millimetres; black on white."""
    page = lay_out(label)
    bars = "".join(
        f"M{begins} {row}h{length}v1h-{length}z"
        for row, line in enumerate(datamatrix(label.fields))
        for begins, length in runs_of(line)
    )
    texts = "".join(
        f'<text x="{each.x:g}" y="{each.y:g}" font-size="{each.size:g}"{_weight(each.bold)}>{escape(each.text)}</text>'
        for each in page.texts
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{page.height:g}mm"'
        f' viewBox="0 0 {WIDTH:g} {page.height:g}" font-family="Helvetica, Arial, sans-serif">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<path transform="translate({SYMBOL_AT:g} {SYMBOL_AT:g}) scale({MODULE:g})" fill="#000" d="{bars}"/>'
        f"{texts}</svg>"
    ).encode()


def _weight(bold: bool) -> str:
    return ' font-weight="bold"' if bold else ""


def pdf(label: Label) -> bytes:
    """One page of the label's size, the symbol as filled rectangles, text in the reader's own Helvetica (PDF 1.4)."""
    page = lay_out(label)
    size = f"[0 0 {WIDTH * POINTS:.2f} {page.height * POINTS:.2f}]"
    content = _pdf_content(label)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox{size}/Contents 4 0 R/Resources<</Font<</R 5 0 R/B 6 0 R>>>>>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        _pdf_font("Helvetica"),
        _pdf_font("Helvetica-Bold"),
    ]
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _pdf_font(name: str) -> bytes:
    return f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>".encode()


def _pdf_content(label: Label) -> bytes:
    """The page's marks, in points from its lower left corner."""
    page = lay_out(label)
    marks = [b"0 g"]
    for row, line in enumerate(datamatrix(label.fields)):
        y = page.height - SYMBOL_AT - (row + 1) * MODULE
        for begins, length in runs_of(line):
            bar = (SYMBOL_AT + begins * MODULE, y, length * MODULE, MODULE)
            marks.append((" ".join(f"{mm * POINTS:.3f}" for mm in bar) + " re f").encode())
    for each in page.texts:
        at = f"{each.x * POINTS:.2f} {(page.height - each.y) * POINTS:.2f}"
        told = re.sub(rb"([\\()])", rb"\\\1", each.text.encode("cp1252", "replace"))
        font = f"/{'B' if each.bold else 'R'} {each.size * POINTS:.2f} Tf {at} Td".encode()
        marks.append(b"BT %s (%s) Tj ET" % (font, told))
    return b"\n".join(marks)


def zpl(label: Label) -> bytes:
    """For a Zebra printer of 203 dpi: `^BX` draws the symbol; `_1` in its data is FNC1. UTF-8; signs of the language in
    texts are escaped."""
    page = lay_out(label)
    at = round(SYMBOL_AT * DOTS)
    data = "".join(f"{identifier}{value}" for identifier, value in label.fields)
    lines = [
        "^XA",
        "^CI28",
        f"^PW{round(WIDTH * DOTS)}",
        f"^LL{round(page.height * DOTS)}",
        f"^FO{at},{at}^BXN,{round(MODULE * DOTS)},200,,,,_^FD_1{data}^FS",
    ]
    for each in page.texts:
        height = round(each.size * DOTS)
        place = f"^FO{round(each.x * DOTS)},{round((each.y - each.size) * DOTS)}"
        told = re.sub(r"[\^~_\\]", lambda sign: f"_{ord(sign[0]):02X}", each.text)
        lines.append(f"{place}^A0N,{height},{height if each.bold else round(height * 0.85)}^FH_^FD{told}^FS")
    return "\n".join([*lines, "^XZ", ""]).encode()

"""The application identifiers of GS1: which there are, and what a value of each looks like. Pure.

Ours are few (`domain.py`); the others may stand beside them on a label, and have to be known to be passed over: where a
field ends depends on what it is. Source: GS1 General Specifications 24, sections 3.2 (formats) and 7.8.5 (separators).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_SETS: Final = MappingProxyType(
    {"n": "[0-9]", "o": "0", "d": "[0-9]", "x": '[!"%-?A-Z_a-z]', "y": "[#\\-/0-9A-Z]", "z": "[0-9A-Za-z_\\-=]"}
)
"""n: digits; o: zero; d: a date, YYMMDD; x: the 82 characters of file-safe text; y: the 39 of parts; z: base 64."""
_PART: Final = re.compile(r"([nodxyz])(\d+)(?:-(\d+))?(c?)(\??)")
_PREDEFINED: Final = frozenset(
    {*(f"{first:02}" for first in range(5)), *(str(first) for first in (*range(11, 21), *range(31, 37))), "41"}
)
"""First two digits of the identifiers that need no separator: their length has been fixed for ever."""

# Parts of a value, one after the other: a set, its length (or least and most), c: its last digit is a check digit,
# ?: it may be absent.
_FORMS: Final = MappingProxyType(
    {
        "n18c": "00 8017 8018",
        "n14c": "01 02 03",
        "n14c n4": "8006 8026",
        "n17c": "402",
        "n13c": "410 411 412 413 414 415 416 417",
        "n13c x1-17?": "253",
        "n13c n1-12?": "255",
        "o1 n13c x1-16?": "8003",
        "d6": "11 12 13 15 16 17 4326 7006",
        "d6 d6?": "7007",
        "d6 n4": "4324 4325 7003",
        "d6 n4?": "7011",
        "d6 n2 n2? n2?": "8008",
        "n1": "4321 4322 4323 7252",
        "n2": "20 7241",
        "n3": "422 424 426",
        "n3 n3? n3? n3? n3?": "423 425",
        "n4": "8111",
        "n6": "8005",
        "n6 x1?": "4330 4331 4332 4333",
        "n8": "7250",
        "n12": "7251",
        "n13": "7001",
        "n14": "8001",
        "n15": "8040 8041",
        "n18 n1-2?": "8043",
        "n20": "4309",
        "n32": "8042",
        "n1-4": "7004",
        "n1-6": "242",
        "n1-8": "30 37",
        "n1-10": "8019",
        "n1-12": "8011",
        "n3 x1-9": "421",
        "n3 x1-27": "7030 7031 7032 7033 7034 7035 7036 7037 7038 7039",
        "n1 x3": "7040",
        "x2": "4307 4317",
        "x3": "7258",
        "x2 x1-28": "7230 7231 7232 7233 7234 7235 7236 7237 7238 7239",
        "x1-2": "7010",
        "x1-3": "427 7008",
        "x1-4": "7041",
        "x1-10": "7009 7255",
        "x1-12": "7005",
        "x1-20": "10 21 22 243 254 420 4318 7020 7021 7022 710 711 712 713 714 715 716 717 7240 8002 8012",
        "x1-25": "7242 8013 8014 8020",
        "x1-28": "235",
        "x1-30": "240 241 250 251 400 401 403 4308 4319 7002 7023 8004 90",
        "x1-34": "8007",
        "x1-35": "4300 4301 4310 4311 4320",
        "x1-40": "7253 7254 7259",
        "x1-50": "8009",
        "x1-70": "4302 4303 4304 4305 4306 4312 4313 4314 4315 4316 7257 8110 8112 8200",
        "x1-90": "7256 91 92 93 94 95 96 97 98 99",
        "y1-30": "8010",
        "z1-90": "8030",
    }
)
# Measures and amounts: three digits say what, the fourth where the decimal point is.
_POINTED: Final = (
    ("n6", 6, (*range(310, 317), *range(320, 338), *range(340, 358), *range(360, 370), 395)),
    ("n1-15", 10, (390, 392)),
    ("n3 n1-15", 10, (391, 393)),
    ("n4", 4, (394,)),
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier: the shape of its value, its shortest and longest, where a check digit ends what, where dates
    begin. `separated`: a GS must end it when something follows."""

    shape: re.Pattern[str]
    least: int
    most: int
    check: tuple[int, int] | None
    dates: tuple[int, ...]
    separated: bool


def _identifier(name: str, form: str) -> Identifier:
    shape, least, most = "", 0, 0
    check: tuple[int, int] | None = None
    dates: list[int] = []
    for kind, low, high, checked, absent in _PART.findall(form):
        if kind == "d":
            dates.append(most)
        if checked:
            check = (most, most + int(low))
        part = f"{_SETS[kind]}{{{low},{high or low}}}"
        shape += f"({part})?" if absent else part
        least += 0 if absent else int(low)
        most += int(high or low)
    return Identifier(re.compile(shape), least, most, check, tuple(dates), name[:2] not in _PREDEFINED)


def _all() -> Iterator[tuple[str, Identifier]]:
    for form, names in _FORMS.items():
        for name in names.split():
            yield name, _identifier(name, form)
    for form, points, families in _POINTED:
        for family in families:
            for point in range(points):
                yield f"{family}{point}", _identifier(f"{family}{point}", form)


IDENTIFIERS: Final[Mapping[str, Identifier]] = MappingProxyType(dict(_all()))
OF_PATIENTS: Final = frozenset({"8018", *(str(name) for name in range(7250, 7260))})
"""Who receives care, born when, named how: on wristbands, never on what is sterilised."""

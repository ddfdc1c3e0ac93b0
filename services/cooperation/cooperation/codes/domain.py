"""What a scanner read, as one object with one name. Pure.

Read are GS1 element strings (symbology identifiers `]d2`, `]C1`, `]Q3`, `]e0`, with GS between fields), text with the
identifiers in brackets, Digital Links, EPC URNs, and the house's own codes. What is not exactly one of these is
refused with a code, never guessed. Sources: GS1 General Specifications 24 (sections 3, 7), GS1 Digital Link 1.3,
EPC Tag Data Standard 2.1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import quote, unquote  # allow pure-domain: text in, text out

LONGEST: Final = 512
GS: Final = "\x1d"
Refused = Literal[
    "CODE_EMPTY", "CODE_TOO_LONG", "CODE_GARBLED", "TWO_CODES", "CODE_UNKNOWN", "AI_UNKNOWN", "AI_LENGTH",
    "AI_CHARACTER", "AI_REPEATED", "CHECK_DIGIT", "DATE_INVALID", "SEPARATOR_MISSING",
]  # fmt: skip
Kind = Literal["pack", "set", "instrument", "item", "place", "party", "badge", "station_place"]


class CodeRefused(ValueError):
    """What was read is not a code of ours; `code` says why, `at` at which identifier."""

    def __init__(self, code: Refused, at: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.at = at


@dataclass(frozen=True, slots=True)
class _Identifier:
    """One GS1 application identifier: length of its fixed part, then up to `variable` more characters."""

    fixed: int
    variable: int = 0
    text: bool = False
    """CSET 82 beyond the fixed digits."""
    check: tuple[int, int] | None = None
    """Where the digits lie that end in a check digit."""
    is_date: bool = False
    separated: bool = True
    """Whether a GS must end it when something follows (GS1 General Specifications, figure 7.8.5-2)."""


_IDENTIFIERS: Final[Mapping[str, _Identifier]] = MappingProxyType(
    {
        "00": _Identifier(18, check=(0, 18), separated=False),
        "01": _Identifier(14, check=(0, 14), separated=False),
        "10": _Identifier(0, 20, text=True),
        "11": _Identifier(6, is_date=True, separated=False),
        "17": _Identifier(6, is_date=True, separated=False),
        "21": _Identifier(0, 20, text=True),
        "254": _Identifier(0, 20, text=True),
        "414": _Identifier(13, check=(0, 13), separated=False),
        "417": _Identifier(13, check=(0, 13), separated=False),
        "8003": _Identifier(14, 16, text=True, check=(1, 14)),
        "8004": _Identifier(0, 30, text=True),
    }
)
_KEYS: Final = ("8003", "8004", "00", "01", "414", "417")
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"00": "pack", "8003": "set", "8004": "instrument", "01": "item", "414": "place", "417": "party"}
)
_QUALIFIERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"01": ("10", "21"), "414": ("254",)})
_SYMBOLOGY: Final = re.compile(r"\](d2|C1|Q3|e0|J1)")
_TEXT: Final = re.compile(r"[!\"%-?A-Z_a-z]*", re.ASCII)
_BRACKETED: Final = re.compile(r"\((\d{2,4})\)([^()]*(?:\((?!\d{2,4}\))[^()]*\)?[^()]*)*)")
_LINK: Final = re.compile(r"https?://[^/?#\s]+(?P<path>/[^?#\s]*)(?:\?(?P<query>[^#\s]*))?(?:#\S*)?", re.ASCII)
_URN: Final = re.compile(r"urn:epc:id:(?P<scheme>sscc|sgtin|sgln|pgln|grai|giai):(?P<rest>[^\s]+)", re.ASCII)
_HOUSE: Final = re.compile(r"(?P<letter>[BP]):(?P<value>[0-9A-Za-z-]{1,64})", re.ASCII)
_AZERTY: Final = re.compile(r"[àâéèçù²§°£µ]")


@dataclass(frozen=True, slots=True)
class Code:
    """One object. `fields`: its identifiers in order; `uri` is its name everywhere, whatever form was read."""

    kind: Kind
    fields: tuple[tuple[str, str], ...]
    uri: str

    @property
    def key(self) -> str:
        """What identifies it: the value of its primary identifier."""
        return self.fields[0][1]

    def field(self, identifier: str) -> str | None:
        """The value of one identifier."""
        return dict(self.fields).get(identifier)

    def day(self, identifier: Literal["11", "17"], around: date) -> date | None:
        """A date field as a date; see `read_day`."""
        value = self.field(identifier)
        return None if value is None else read_day(value, around)


def read(text: str) -> Code:
    """The object behind what was read. Raises CodeRefused; the text itself is in no message."""
    if not text.strip():
        raise CodeRefused("CODE_EMPTY")
    if len(text) > LONGEST:
        raise CodeRefused("CODE_TOO_LONG")
    text = text.strip(" \t\r\n")
    if _AZERTY.search(text):
        raise CodeRefused("CODE_GARBLED")  # a scanner set for another keyboard: digits came as letters
    if "\n" in text or "\r" in text or len(_SYMBOLOGY.findall(text)) > 1:
        raise CodeRefused("TWO_CODES")
    if match := _HOUSE.fullmatch(text):
        kind: Kind = "badge" if match["letter"] == "B" else "station_place"
        return Code(kind, ((match["letter"], match["value"]),), text)
    if text.lower().startswith(("http://", "https://")):
        return _made(_linked(text))
    if text.startswith("urn:"):
        return _made(_of_urn(text))
    if text.startswith("("):
        return _made(_bracketed(text))
    if symbology := _SYMBOLOGY.match(text):
        return _made(_elements(text[symbology.end() :]))
    raise CodeRefused("CODE_GARBLED" if _shifted(text) else "CODE_UNKNOWN")


def _shifted(text: str) -> bool:
    """Digits typed on a French keyboard without shift are signs; `]d2` becomes something else too."""
    signs = sum(text.count(sign) for sign in "&\"'(-_)=")
    return signs >= 3 and not any(each.isdigit() for each in text)


def check_digit(digits: str) -> int:
    """The modulo 10 digit that ends a GS1 key (General Specifications 7.9)."""
    total = sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits)))
    return -total % 10


def read_day(value: str, around: date) -> date:
    """YYMMDD. The century is the one that brings the year nearest: 51 back to 50 ahead (General Specifications
    7.12); day 00 is the last of the month. Raises CodeRefused."""
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    apart = year - around.year % 100
    century = around.year - around.year % 100 + (-100 if apart > 50 else 100 if apart <= -50 else 0)
    try:
        if day == 0:
            first = date(century + year, month, 1)
            return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return date(century + year, month, day)
    except ValueError:
        raise CodeRefused("DATE_INVALID") from None


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Fields of an element string, one after the other."""
    rest = text.removeprefix(GS)
    while rest:
        name = _identifier_of(rest)
        rest = rest[len(name) :]
        known = _IDENTIFIERS[name]
        if not known.separated:
            value, rest = rest[: known.fixed], rest[known.fixed :]
            yield name, value
            rest = rest.removeprefix(GS)
            continue
        value, _, rest = rest.partition(GS)
        if len(value) > known.fixed + known.variable:
            raise CodeRefused("SEPARATOR_MISSING", name)
        yield name, value


def _identifier_of(text: str) -> str:
    for length in (2, 3, 4):
        if text[:length] in _IDENTIFIERS:
            return text[:length]
    raise CodeRefused("AI_UNKNOWN", text[:2] if text[:2].isdigit() else "")


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for match in _BRACKETED.finditer(text):
        if match.start() != at:
            raise CodeRefused("CODE_UNKNOWN")
        at = match.end()
        if match[1] not in _IDENTIFIERS:
            raise CodeRefused("AI_UNKNOWN", match[1])
        yield match[1], text[match.start() + len(match[1]) + 2 : match.end()]
    if at != len(text):
        raise CodeRefused("CODE_UNKNOWN")


def _linked(text: str) -> Iterator[tuple[str, str]]:
    match = _LINK.fullmatch(text)
    if match is None:
        raise CodeRefused("CODE_UNKNOWN")
    steps = match["path"].strip("/").split("/")
    start = next((place for place, step in enumerate(steps) if step in _KEYS and place + 1 < len(steps)), None)
    if start is None or (len(steps) - start) % 2:
        raise CodeRefused("CODE_UNKNOWN")
    for place in range(start, len(steps), 2):
        yield _known(steps[place]), unquote(steps[place + 1])
    for pair in filter(None, (match["query"] or "").split("&")):
        name, _, value = pair.partition("=")
        if name.isdigit():
            yield _known(name), unquote(value)


def _known(name: str) -> str:
    if name not in _IDENTIFIERS:
        raise CodeRefused("AI_UNKNOWN", name if name.isdigit() else "")
    return name


def _of_urn(text: str) -> Iterator[tuple[str, str]]:
    """An EPC URN says where the company's prefix ends; the check digit is reckoned."""
    match = _URN.fullmatch(text)
    parts = unquote(match["rest"]).split(".") if match else []
    if match is None or len(parts) < 2 or not parts[0].isdigit() or not 6 <= len(parts[0]) <= 12:
        raise CodeRefused("CODE_UNKNOWN")
    company, rest = parts[0], ".".join(parts[1:])
    match match["scheme"], len(parts):
        case "giai", _:
            yield "8004", company + rest
        case "sscc", 2:
            yield "00", _with_check(parts[1][:1] + company + parts[1][1:], 17)
        case "pgln", 2:
            yield "417", _with_check(company + parts[1], 12)
        case "sgtin", 3:
            yield "01", _with_check(parts[1][:1] + company + parts[1][1:], 13)
            yield "21", parts[2]
        case "sgln", 3:
            yield "414", _with_check(company + parts[1], 12)
            if parts[2] != "0":
                yield "254", parts[2]
        case "grai", 3:
            yield "8003", "0" + _with_check(company + parts[1], 12) + parts[2]
        case _:
            raise CodeRefused("CODE_UNKNOWN")


def _with_check(digits: str, length: int) -> str:
    if len(digits) != length or not digits.isdigit():
        raise CodeRefused("AI_LENGTH")
    return f"{digits}{check_digit(digits)}"


def _made(fields: Iterator[tuple[str, str]]) -> Code:
    found: dict[str, str] = {}
    for name, value in fields:
        _check(name, value)
        if found.setdefault(name, value) != value:
            raise CodeRefused("AI_REPEATED", name)
    primary = next((name for name in _KEYS if name in found), None)
    if primary is None:
        raise CodeRefused("CODE_UNKNOWN")
    if sum(name in found for name in _KEYS) > 1:
        raise CodeRefused("TWO_CODES")
    ordered = (primary, *sorted(name for name in found if name != primary))
    return Code(_KINDS[primary], tuple((name, found[name]) for name in ordered), _uri(primary, found))


def _check(name: str, value: str) -> None:
    known = _IDENTIFIERS[name]
    if not known.fixed + (known.fixed == 0) <= len(value) <= known.fixed + known.variable:
        raise CodeRefused("AI_LENGTH", name)
    if not (value[: known.fixed].isdigit() or known.fixed == 0) or not value.isascii():
        raise CodeRefused("AI_CHARACTER", name)
    if not _TEXT.fullmatch(value[known.fixed :]) or (not known.text and not value.isdigit()):
        raise CodeRefused("AI_CHARACTER", name)
    if known.check is not None:
        begins, ends = known.check
        if any(each != "0" for each in value[:begins]) or int(value[ends - 1]) != check_digit(value[begins : ends - 1]):
            raise CodeRefused("CHECK_DIGIT", name)
    if known.is_date:
        read_day(value, date(2000, 1, 1))


def _uri(primary: str, found: Mapping[str, str]) -> str:
    """The canonical Digital Link: key, then what qualifies it. What only describes it (a date) is not in its name."""
    steps = [primary, found[primary]]
    for name in _QUALIFIERS.get(primary, ()):
        if name in found:
            steps += [name, found[name]]
    return "https://id.gs1.org/" + "/".join(quote(step, safe="") for step in steps)

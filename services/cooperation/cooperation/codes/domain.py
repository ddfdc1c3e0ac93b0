"""What a scanner read, as one object with one name. Pure.

Read are GS1 element strings (symbology identifiers `]d2`, `]C1`, `]Q3`, `]e0`, `]J1`, with GS between fields), text
with the identifiers in brackets, Digital Links, EPC URNs, and the house's own codes. Fields that say more about the
object (a price, a weight) are read and passed over. What is not exactly one of these is refused with a code, never
guessed; what may be about a patient is refused and not to be kept. Sources:
GS1 General Specifications 24 (sections 3, 7), GS1 Digital Link 1.3,
EPC Tag Data Standard 2.1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import quote, unquote  # allow pure-domain: text in, text out

from cooperation.codes.identifiers import IDENTIFIERS, OF_PATIENTS

LONGEST: Final = 512
GS: Final = "\x1d"
Refused = Literal[
    "CODE_EMPTY", "CODE_TOO_LONG", "CODE_GARBLED", "TWO_CODES", "CODE_UNKNOWN", "AI_UNKNOWN", "AI_LENGTH",
    "AI_CHARACTER", "AI_REPEATED", "CHECK_DIGIT", "DATE_INVALID", "SEPARATOR_MISSING", "PATIENT_DATA",
]  # fmt: skip
Kind = Literal["pack", "set", "instrument", "item", "place", "party", "badge", "station_place"]


class CodeRefused(ValueError):
    """What was read is not a code of ours; `code` says why, `at` at which identifier."""

    def __init__(self, code: Refused, at: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.at = at


_KEYS: Final = ("8003", "8004", "00", "01", "414", "417")
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"00": "pack", "8003": "set", "8004": "instrument", "01": "item", "414": "place", "417": "party"}
)
_KEPT: Final = frozenset((*_KEYS, "10", "11", "17", "21", "254"))
"""Identifiers whose values are told; the others are passed over."""
_SYMBOLOGY: Final = re.compile(r"\](d2|C1|Q3|e0|J1)")
_OTHER_SYMBOLOGY: Final = re.compile(r"\][A-Za-z][0-9A-Za-z](?=https?://|urn:|\(|[BP]:)")
_BRACKETED: Final = re.compile(r"\((\d{2,4})\)([^()]*(?:\((?!\d{2,4}\))[^()]*\)?[^()]*)*)")
_LINK: Final = re.compile(r"https?://[^/?#\s]+(?P<path>/[^?#\s]*)(?:\?(?P<query>[^#\s]*))?(?:#\S*)?", re.ASCII)
_URN: Final = re.compile(r"urn:epc:id:(?P<scheme>sscc|sgtin|sgln|pgln|grai|giai):(?P<rest>[^\s]+)", re.ASCII)
_HOUSE: Final = re.compile(r"(?P<letter>[BP]):(?P<value>[0-9A-Za-z-]{1,64})", re.ASCII)
_AZERTY: Final = re.compile(r"[àâéèçù²§°£µ]")
_DIGITS: Final = str.maketrans("à&é\"'(-è_ç", "0123456789")
_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[ .]?){12}\d(?:[ .]?\d\d)?(?!\d)")
_PATIENT_FIELD: Final = re.compile(rf"[(/](?:{'|'.join(sorted(OF_PATIENTS))})[)/]")
_WORDS: Final = re.compile(r"[^\W\d_]{2,}[\s^;|<]+[^\W\d_]{2,}")


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
    text = _OTHER_SYMBOLOGY.sub("", text, count=1)  # a plain QR code or Data Matrix with a whole text in it
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
    if _may_name_a_patient(text):
        raise CodeRefused("PATIENT_DATA")
    raise CodeRefused("CODE_GARBLED" if _shifted(text) else "CODE_UNKNOWN")


def keepable(text: str) -> str:
    """What may be kept of what was read: all of a GS1 code and of a short word; of what may be about a patient (a
    wristband, a label with a name, a national health number: 13 or 15 digits), or too long, how long it was."""
    plain = text.strip(" \t\r\n")
    marked = plain.startswith(("]", "(", "http://", "https://", "urn:epc:", "B:", "P:"))
    if len(text) > LONGEST or (not marked and _may_name_a_patient(plain)):
        return f"[{len(text)}]"
    named = _PATIENT_FIELD.search(plain) or _WORDS.search(plain) or _refused(plain) == "PATIENT_DATA"
    return f"[{len(text)}]" if named else text


def _refused(text: str) -> Refused | None:
    try:
        read(text)
    except CodeRefused as refused:
        return refused.code
    return None


def _may_name_a_patient(text: str) -> bool:
    """No mark of ours, and long enough to be a number or a name of somebody; signs are counted as the digits that they
    are on a French keyboard."""
    digits = text.translate(_DIGITS)
    return len(text) > 40 or "@" in text or bool(_NUMBER.search(digits)) or bool(_WORDS.search(text))


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
        known = IDENTIFIERS[name]
        if not known.separated:
            value, rest = rest[: known.most], rest[known.most :]
            yield name, value
            rest = rest.removeprefix(GS)
            continue
        value, _, rest = rest.partition(GS)
        if len(value) > known.most:
            raise CodeRefused("SEPARATOR_MISSING", name)
        yield name, value


def _identifier_of(text: str) -> str:
    for length in (2, 3, 4):
        if text[:length] in IDENTIFIERS:
            return text[:length]
    raise CodeRefused("AI_UNKNOWN", text[:2] if text[:2].isdigit() else "")


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for match in _BRACKETED.finditer(text):
        if match.start() != at:
            raise CodeRefused("CODE_UNKNOWN")
        at = match.end()
        yield _known(match[1]), text[match.start() + len(match[1]) + 2 : match.end()]
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
    if name not in IDENTIFIERS:
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
    ordered = (primary, *sorted(name for name in found if name != primary and name in _KEPT))
    return Code(_KINDS[primary], tuple((name, found[name]) for name in ordered), _uri(primary, found))


def _check(name: str, value: str) -> None:
    known = IDENTIFIERS[name]
    if name in OF_PATIENTS:
        raise CodeRefused("PATIENT_DATA", name)
    if not known.least <= len(value) <= known.most:
        raise CodeRefused("AI_LENGTH", name)
    if name == "8003" and value[0] != "0":
        raise CodeRefused("CHECK_DIGIT", name)  # of the GTIN-14 that its first fourteen digits are not
    if not known.shape.fullmatch(value):
        raise CodeRefused("AI_CHARACTER", name)
    if known.check is not None:
        begins, ends = known.check
        if int(value[ends - 1]) != check_digit(value[begins : ends - 1]):
            raise CodeRefused("CHECK_DIGIT", name)
    for begins in known.dates:
        if value[begins : begins + 6]:
            read_day(value[begins : begins + 6], date(2000, 1, 1))


def _uri(primary: str, found: Mapping[str, str]) -> str:
    """The canonical Digital Link: key, then what makes it one thing: a serial number, else a lot. What only describes
    it (a date, the lot of a numbered thing) is not in its name."""
    steps = [primary, found[primary]]
    naming = {"01": ("21", "10"), "414": ("254",)}.get(primary, ())
    name = next((name for name in naming if name in found), None)
    if name is not None:
        steps += [name, found[name]]
    return "https://id.gs1.org/" + "/".join(quote(step, safe="") for step in steps)

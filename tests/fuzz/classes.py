"""The classes of bad input (B1-B42) as values: what is put in the place of a right one, and what must come of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from uuid import UUID

from tests.fuzz.values import CANARY, Sampler, Schema, made_id

RAW: Final = "@raw:"
"""Begins a text that stands in the JSON as it is, without quotes."""


@dataclass(frozen=True, slots=True)
class Bad:
    """One wrong value. `refused`: it can never be right; else it may be, and only a fault of ours would be wrong."""

    klass: str
    value: Any
    refused: bool = True


NUMBERS: Final = ("NaN", "Infinity", "-Infinity", "1e400", str(2**63), str(-(2**63) - 1), "1" + "0" * 4000)
SIGNS: Final = ("\x00", "\ud800", "\udfff", "\x1b[31m", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\n")
NAMES: Final = (
    "O'Brien",
    "Null",
    "Ô",
    "شريف",
    "e\u0301" * 20,
    "😀",
    "${jndi:ldap://x}",
    "a\\u0000b",
    "%00",
    "<b>",
    "=cmd()",
)
INSTANTS: Final = (
    "2027-02-30T09:00:00+01:00", "2026-12-01T09:00:00", "2026-12-01T09:00:00+25:00", "2026-12-01T25:00:00Z",
    "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59",
    "2026-12-01", "demain", "", "2026-W49-1T09:00:00Z",
)  # fmt: skip
ODD_INSTANTS: Final = (
    "2027-03-28T02:30:00+01:00",
    "2026-10-25T02:30:00+02:00",
    "2200-12-31T23:59:59Z",
    "1900-01-01T00:00:00Z",
)
DATES: Final = ("2027-02-30", "30/02/2027", "2027-13-01", "", "demain", "0000-01-01", "2026-11-30T09:00:00Z")
ODD_DATES: Final = ("0001-01-01", "9999-12-31", "2028-02-29")
TIMES: Final = ("25:00", "09:60", "9h", "", "-1:00")
PHONES: Final = ("115", "0899123456", "+882161234567", "+262692", "06" * 20, "00336", "+33(0)639980201", "letters")
IDS: Final = ("not-an-id", "", "1 OR 1=1", "{id}", "%27", "0" * 5000, "../../x")
SEARCHES: Final = ("%", "_", "\\", "'; DROP TABLE appointment; --", "(a+)+$" * 9, "a" * 100, "*", "\u0130" * 50, "-1")
CURSORS: Final = ("eyJhIjoxfQ", "%%%", "e30", "W10", "bnVsbA", "x" * 5000, "AAAA", "eyJhIjpbMSwyXX0=", "\u00e9", "-")
LIMITS: Final = ("-1", "0", "1000000000", "ten", "1e3", "", "9" * 30, "1.5", "٣", " 5")


def of(sampler: Sampler, schema: Schema, name: str, chance: Random) -> Iterator[Bad]:
    """Every wrong value for a place of this schema in a body."""
    kinds = list(sampler.kinds(schema))
    types = {str(each["type"]) for each in kinds if "type" in each}
    if not types:
        types = {"object"} if any("properties" in each for each in kinds) else set()
    if not types:
        return
    yield from _of_other_kinds(types)
    real = [each for each in kinds if each.get("type") != "null"]
    only = real[0] if len(real) == 1 else None
    if types & {"integer", "number"}:
        yield from (Bad("B4-B6", f"{RAW}{number}", _no_number(number, types)) for number in NUMBERS)
    if only is not None and types <= {"integer", "number", "null"}:
        yield from (Bad("B23", only["maximum"] + 1) for _ in range("maximum" in only))
        yield from (Bad("B23", only["minimum"] - 1) for _ in range("minimum" in only))
    if "string" in types:
        yield from _of_texts(only or {}, name, chance)


def _no_number(text: str, types: set[str]) -> bool:
    """Whether no field of these types holds it."""
    return "number" not in types or not text.lstrip("-").isdigit()


def _of_other_kinds(types: set[str]) -> Iterator[Bad]:
    if "null" not in types:
        yield Bad("B14", None)
    if "array" not in types:
        yield Bad("B14", [CANARY])
        yield Bad("B14", [])
    if "object" not in types:
        yield Bad("B14", {"$ne": CANARY})
    if not types & {"integer", "number"} and "boolean" not in types:
        yield Bad("B14", 7)
    if "boolean" not in types:
        yield Bad("B14", True)
    if "string" not in types:
        yield Bad("B14", CANARY)
        if types & {"integer", "number", "boolean"}:
            yield Bad("B14", "1")
    if "boolean" in types and not types & {"integer", "number"}:
        yield Bad("B14", 1)


def _of_texts(schema: Schema, name: str, chance: Random) -> Iterator[Bad]:
    form = schema.get("format")
    if "enum" in schema or "const" in schema:
        known = [str(each) for each in schema.get("enum", (schema.get("const"),))]
        wrong = ("inconnu", "", known[0] + " ", known[0].upper(), known[0] + "\x00", CANARY)
        yield from (Bad("B22", each) for each in wrong if each not in known)
    elif form == "uuid":
        yield from (Bad("B21", each) for each in IDS)
        yield from (Bad("B21", each, refused=False) for each in (made_id(chance), str(UUID(int=0))))
        yield Bad("B21", made_id(chance).upper(), refused=False)
    elif form == "date-time":
        yield from (Bad("B15", each) for each in (*INSTANTS, 1790000000))
        yield from (Bad("B15-B17", each, refused=False) for each in ODD_INSTANTS)
    elif form in ("date", "time"):
        yield from (Bad("B15", each) for each in (DATES if form == "date" else TIMES))
        yield from (Bad("B15-B17", each, refused=False) for each in (ODD_DATES if form == "date" else ("23:59:59.9",)))
    else:
        yield from (Bad("B4-B10", f"{CANARY}{sign}", refused=False) for sign in SIGNS)
        yield from (Bad("B7-B10", each, refused=False) for each in NAMES)
        yield from (Bad("B8", each, refused=False) for each in ("", "   ", "x" * 5000))
        if "phone" in name or "number" in name or name == "value":
            yield from (Bad("B18", each, refused=False) for each in PHONES)
    if "maxLength" in schema:
        yield Bad("B8", "x" * (int(schema["maxLength"]) + 1))


def of_query(sampler: Sampler, parameter: Mapping[str, Any], chance: Random) -> Iterator[Bad]:
    """Every wrong text for a parameter of the query."""
    name, schema = str(parameter["name"]), parameter.get("schema", {})
    kinds = [each for each in sampler.kinds(schema) if each.get("type") != "null"]
    only = kinds[0] if len(kinds) == 1 else {}
    form = only.get("format")
    if name == "cursor":
        yield from (Bad("B23", each, refused=False) for each in CURSORS)
    elif only.get("type") == "integer":
        yield from (Bad("B23", each, refused=_out(each, only)) for each in LIMITS)
    elif "enum" in only:
        yield from (Bad("B22", each) for each in ("inconnu", only["enum"][0].upper() + "X", "%00", ""))
    elif form == "uuid":
        yield from (Bad("B21", each) for each in IDS)
        yield Bad("B21", made_id(chance), refused=False)
    elif form in ("date-time", "date"):
        yield from (
            Bad("B15", each, refused=False) for each in (*INSTANTS, *DATES, *ODD_INSTANTS, *ODD_DATES, "1790000000")
        )
    else:
        yield from (Bad("B24", each, refused=False) for each in SEARCHES)
        yield from (
            Bad("B4-B10", f"{CANARY}{sign}", refused=False) for sign in SIGNS if not sign.startswith("\ud800"[:1])
        )


def _out(text: str, schema: Schema) -> bool:
    """Whether this text is no number within the limits."""
    try:
        number = int(text)
    except ValueError:
        return True
    return not schema.get("minimum", -(2**63)) <= number <= schema.get("maximum", 2**63 - 1)


def written(body: object) -> bytes:
    """JSON with what JSON cannot say: numbers that are none, halves of pairs."""
    text = json.dumps(body, ensure_ascii=True)
    while RAW in text:
        before, _, rest = text.partition(f'"{RAW}')
        raw, _, after = rest.partition('"')
        text = before + raw + after
    return text.encode()


BODIES: Final[tuple[tuple[str, bytes], ...]] = (
    ("B1", b'{"note": "' + CANARY.encode()),
    ("B1", b"name=" + CANARY.encode()),
    ("B1", b"{}{}"),
    ("B1", b'{"note": "\xff\xfe"}'),
    ("B1", '{"note": "x"}'.encode("utf-16")),
    ("B2", b'{"zz": 1, "zz": 2}'),
    ("B3", b"[" * 100_000),
    ("B3", b'{"a":' * 30_000),
)
"""What is no JSON, or JSON that two readers read differently: 400."""
SHAPES: Final = (b"null", b"[]", b'"x"', b"7", b"true", b"", b"NaN", b"[{}]")
"""JSON, but no object: 422."""
FILES: Final[tuple[tuple[str, bytes], ...]] = (
    ("B34", b"\xef\xbb\xbfcode;nom;ville\nx;=cmd()|x;@SUM(A1)\n"),
    ("B34", "code;nom;ville\nx;Cluny-à-côté;é\n".encode("cp1252")),
    ("B34", b"code,nom\n" + b"a," * 100_000),
    ("B34", b'"' * 50_001),
    ("B34", b"code;code;code\n\x00;\x00;\x00\n"),
    ("B34", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1:9/e">]><a>&e;</a>'),
    ("B36", b""),
    ("B36", b"PK\x03\x04" + b"\x00" * 200),
    ("B36", b"%PDF-1.4\n<script>alert(1)</script>\nGIF89a"),
    ("B36", b"../../x;../../x;../../x\n" * 3),
    ("B35", b"BEGIN:VCALENDAR\r\n" * 20_000),
    ("B35", b"BEGIN:VCALENDAR\r\nVERSION:9\r\nBEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY\r\nDTSTART:99999999T999999Z\r\n"),
)

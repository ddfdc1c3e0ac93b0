"""Requests that are right but for one thing, for any operation of the aggregated OpenAPI."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from tests.fuzz import classes
from tests.fuzz.classes import Bad
from tests.fuzz.values import CANARY, Sampler, Schema, made_id

JSON: Final = "application/json"
NIL: Final = str(UUID(int=0))
FORM: Final = "application/x-www-form-urlencoded"
OTHER_KINDS: Final = ("text/plain", "multipart/form-data; boundary=x", "application/xml")
_NO_BODY: Final = frozenset({"get", "delete"})


@dataclass
class Request:
    """What is sent. `refused`: no 2xx or 3xx may answer it; `pointer`: the place that a 422 must name; `status`: the
    only ones that may answer it."""

    method: str
    template: str
    klass: str
    target: str = ""
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    refused: bool = False
    pointer: str | None = None
    status: frozenset[int] = frozenset()

    @property
    def url(self) -> str:
        """Path and query."""
        asked = urlencode(self.query, errors="surrogatepass")
        return f"{self.target}?{asked}" if asked else self.target

    def told(self) -> str:
        """As a line that a person can read and send again."""
        return f"{self.klass} {self.method.upper()} {self.url[:300]} {self.headers} {self.content[:600]!r}"


@dataclass(frozen=True)
class Asked:
    """One operation, its parameters and its body's schema."""

    method: str
    template: str
    raw: Schema
    sampler: Sampler
    other_methods: tuple[str, ...]

    @property
    def name(self) -> str:
        """`POST /api/…`."""
        return f"{self.method.upper()} {self.template}"

    @property
    def media(self) -> str | None:
        """What kind of body it takes."""
        return next(iter(self.raw.get("requestBody", {}).get("content", {})), None)

    @property
    def body(self) -> Schema:
        """The body's schema."""
        content = self.raw["requestBody"]["content"][self.media]
        schema: Schema = content.get("schema", {})
        return schema

    def parameters(self, place: str) -> list[Mapping[str, Any]]:
        """Those of the path, the query or the headers."""
        return [each for each in self.raw.get("parameters", ()) if each["in"] == place]


def operations(document: Mapping[str, Any], sampler: Sampler) -> list[Asked]:
    """Every operation of a document."""
    return [
        Asked(method, path, raw, sampler, tuple(m for m in ("put", "patch", "delete", "post") if m not in methods))
        for path, methods in document["paths"].items()
        for method, raw in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]


def right(asked: Asked, chance: Random) -> Request:
    """A request as it should be, with ids that exist where some are known."""
    made = Request(asked.method, asked.template, "right", _target(asked, chance))
    for each in asked.parameters("query"):
        if each.get("required") or chance.random() < 0.3:
            value = asked.sampler.value(each.get("schema", {}), chance, each["name"])
            many = value if isinstance(value, list) else [value]
            made.query += [(each["name"], str(one).lower() if isinstance(one, bool) else str(one)) for one in many]
    if asked.media is not None:
        body = asked.sampler.value(asked.body, chance) if asked.media in (JSON, FORM) else None
        _carry(made, asked.media, body)
    return made


def _carry(made: Request, media: str, body: Any) -> None:
    made.headers["content-type"] = media
    if media == JSON:
        made.content = classes.written(body)
    elif media == FORM:
        made.content = urlencode(body or {}).encode()
    else:
        made.content = f"code;nom;ville\nx;{CANARY};x\n".encode()


def _target(asked: Asked, chance: Random, spoilt: str | None = None) -> str:
    """The path; `spoilt` stands in the place of its last name."""
    parts, before = [], ""
    names = [part for part in asked.template.split("/") if "{" in part]
    for part in asked.template.split("/"):
        if "{" in part:
            name = part.partition("{")[2].partition("}")[0]
            known = asked.sampler.pools.one(chance, before, name)
            value = known if known and chance.random() < 0.8 else _made(asked, name, chance)
            if spoilt is not None and part == names[-1]:
                value = spoilt
            parts.append(part.replace("{" + name + "}", value))
        else:
            parts.append(part)
        before = "/".join(parts)
    return "/".join(parts)


def _made(asked: Asked, name: str, chance: Random) -> str:
    schema: Schema = next((each.get("schema", {}) for each in asked.parameters("path") if each["name"] == name), {})
    value = asked.sampler.value(schema, chance, name)
    return quote(str(value), safe="") or made_id(chance)


Maker = Callable[[Asked, Random], Request | None]


def in_body(asked: Asked, chance: Random) -> Request | None:
    """One value of the body is spoilt, somewhere in it."""
    if asked.media != JSON:
        return None
    made = right(asked, chance)
    body = asked.sampler.value(asked.body, chance)
    places = list(_places(asked.sampler, asked.body, body, ()))
    if not places:
        return None
    path, schema = chance.choice(places)
    wrongs = list(classes.of(asked.sampler, schema, str(path[-1]) if path else "", chance))
    if not wrongs:
        return None
    bad = _one(wrongs, chance)
    return _spoilt(made, _with(body, path, bad.value), bad, path)


def _one(wrongs: list[Bad], chance: Random) -> Bad:
    """First a class, then a value: else classes of many values hide the others."""
    klass = chance.choice(sorted({each.klass for each in wrongs}))
    return chance.choice([each for each in wrongs if each.klass == klass])


def _spoilt(made: Request, body: Any, bad: Bad, path: tuple[str | int, ...]) -> Request:
    made.content, made.klass, made.refused = classes.written(body), bad.klass, bad.refused
    made.pointer = "".join(f"/{part}" for part in path) if bad.refused else None
    if isinstance(bad.value, str) and bad.value[5:] in ("NaN", "Infinity", "-Infinity", classes.NUMBERS[6]):
        made.pointer = None  # no JSON: refused as a whole
    return made


def extra_field(asked: Asked, chance: Random) -> Request | None:
    """A field that nobody asked for, in any object of the body (B13)."""
    if asked.media != JSON:
        return None
    made, body = right(asked, chance), asked.sampler.value(asked.body, chance)
    objects = [
        path
        for path, schema in [((), asked.body), *_places(asked.sampler, asked.body, body, ())]
        if asked.sampler.resolved(schema).get("additionalProperties") is False and isinstance(_at(body, path), dict)
    ]
    if not objects:
        return None
    path = chance.choice(objects)
    name = chance.choice(("organisation_id", "status", "price", "identity_status", "__proto__", "id")) + "_x"
    return _spoilt(made, _with(body, (*path, name), CANARY), Bad("B13", CANARY), (*path, name))


def _places(
    sampler: Sampler, schema: Schema, value: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Schema]]:
    """Every place of a body below its root, those that the sample left out too."""
    whole = sampler.resolved(schema)
    if isinstance(value, dict):
        for name, each in whole.get("properties", {}).items():
            yield (*path, name), each
            if name in value:
                yield from _places(sampler, each, value[name], (*path, name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield (*path, place), whole.get("items", {})
            yield from _places(sampler, whole.get("items", {}), each, (*path, place))


def _at(body: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        body = body.get(part) if isinstance(body, dict) else body[part]
    return body


def _with(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(body)
    at = changed
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return changed


def in_query(asked: Asked, chance: Random) -> Request | None:
    """One parameter is spoilt, or stands there twice."""
    known = asked.parameters("query")
    if not known:
        return None
    made, each = right(asked, chance), chance.choice(known)
    wrongs = list(classes.of_query(asked.sampler, each, chance))
    if not wrongs:
        return None
    bad = _one(wrongs, chance)
    made.query = [pair for pair in made.query if pair[0] != each["name"]] + [(each["name"], str(bad.value))]
    made.klass, made.refused = bad.klass, bad.refused
    if chance.random() < 0.1:
        made.query, made.refused = [(each["name"], "1"), *made.query, ("zz", "1")], False
    return made


def in_path(asked: Asked, chance: Random) -> Request | None:
    """An id that is none, or that is not the caller's (B21, B25)."""
    if "{" not in asked.template:
        return None
    spoilt = chance.choice(
        [
            "not-an-id",
            "0",
            "%27",
            "%7Bid%7D",
            "a" * 3000,
            "%C3%A9",
            "-1",
            made_id(chance),
            "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
        ]
    )
    made = right(asked, chance)
    made.target, made.klass = _target(asked, chance, spoilt), "B21"
    return made


def odd_path(asked: Asked, chance: Random) -> Request | None:
    """A path that two readers could read differently (B25): 400."""
    made = right(asked, chance)
    made.target += chance.choice(["/%2e%2e/x", "//", ";a=b", "%00", "/a%2fb", "/a%5cb", "/%252e%252e/x", "/%ff"])
    made.klass, made.refused, made.status = "B25", True, frozenset({400})
    return made


def no_json(asked: Asked, chance: Random) -> Request | None:
    """What is no JSON, or no object, or packed, or of another kind (B1-B3, B11, B12)."""
    if asked.media != JSON:
        return None
    made = right(asked, chance)
    made.refused = True
    kind = chance.randrange(4)
    if kind == 0:
        made.klass, made.content = chance.choice(classes.BODIES)
        large = len(made.content) > int(asked.raw.get("x-max-body", 262_144))
        made.status = frozenset({413 if large else 400})
    elif kind == 1:
        made.klass, made.content = "B14", chance.choice(classes.SHAPES)
        made.refused = bool(asked.raw["requestBody"].get("required")) or made.content not in (b"", b"null")
        made.status = frozenset({400, 422}) if made.refused else frozenset()
    elif kind == 2:
        made.klass, made.status = "B12", frozenset({415})
        made.headers["content-encoding"] = chance.choice(["gzip", "br", "zstd", "deflate"])
    else:
        made.klass, made.status = "B11", frozenset({400, 415, 422})
        made.headers["content-type"] = chance.choice(
            ["text/plain", "multipart/form-data; boundary=x", "application/xml"]
        )
    return made


def a_file(asked: Asked, chance: Random) -> Request | None:
    """What is no such file (B34-B36)."""
    if asked.media is None or asked.media in (JSON, FORM):
        return None
    made = right(asked, chance)
    made.klass, made.content = chance.choice(classes.FILES)
    if chance.random() < 0.2:
        made.headers["content-type"], made.refused = "application/zip", True
        made.status = frozenset({400, 415, 422})
    return made


def too_large(asked: Asked, chance: Random) -> Request | None:
    """A body over the limit of this operation (B8): 413 before it is read."""
    if asked.method in _NO_BODY:
        return None
    made = right(asked, chance)
    size = int(asked.raw.get("x-max-body", 262_144)) + 1
    if size > 2_000_000:
        return None
    made.content, made.klass, made.refused = b'{"note": "' + b"x" * size + b'"}', "B8", True
    made.headers.setdefault("content-type", JSON)
    made.status = frozenset({413})
    return made


def other_method(asked: Asked, chance: Random) -> Request | None:
    """A method that the path does not have (B42): 405."""
    if not asked.other_methods:
        return None
    made = right(asked, chance)
    made.method, made.klass, made.refused = chance.choice(asked.other_methods), "B42", True
    made.status = frozenset({405})
    return made


HEADERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("B26", "x-user-id", "admin"),
    ("B26", "x-forwarded-for", "203.0.113.9, 10.0.0.1"),
    ("B26", "x-http-method-override", "DELETE"),
    ("B26", "forwarded", "for=203.0.113.9;proto=\x7f"),
    ("B26", "range", "bytes=-99999999999999999999"),
    ("B26", "accept", "x/y;q=zz"),
    ("B26", "accept-language", "fr;q=1e400,en;q=NaN," * 20),
    ("B26", "expect", "200-maybe"),
    ("B37", "user-agent", '\x1b[31m${jndi:ldap://x}%0a{"level":"error"}'),
    ("B37", "x-request-id", "x\u00e9\x1b[31m"),
    ("B37", "traceparent", "00-zz-zz-00"),
    ("B27", "idempotency-key", ""),
    ("B27", "idempotency-key", "k" * 300),
    ("B27", "idempotency-key", "k" * 10_000),
    ("B27", "idempotency-key", "\u00e9\x1b"),
    ("B28", "if-match", "seven"),
    ("B28", "if-match", '"99999999999999999999999"'),
    ("B28", "if-match", 'W/"1"'),
    ("B28", "if-match", "*"),
    ("B28", "if-match", '"1", "2"'),
    ("B28", "if-none-match", "\x1b"),
    ("B39", "last-event-id", "9.999999999"),
)


def in_headers(asked: Asked, chance: Random) -> Request | None:
    """A header that no honest program sends (B26-B28, B37)."""
    made = right(asked, chance)
    made.klass, name, value = chance.choice(HEADERS)
    made.headers[name] = value
    return made


def just_right(asked: Asked, chance: Random) -> Request | None:
    """Nothing is spoilt: rows for others to meet, and no fault either."""
    return right(asked, chance)


SURE: Final[tuple[Maker, ...]] = (
    in_body, in_body, in_body, in_body, in_query, in_query, extra_field, no_json, odd_path, other_method, too_large,
)  # fmt: skip
"""Most of what these make can never be right."""
ALL: Final[tuple[Maker, ...]] = (
    in_body, in_body, in_body, extra_field, in_query, in_query, in_path, odd_path, no_json, a_file, too_large,
    other_method, in_headers, in_headers, just_right,
)  # fmt: skip


def attack(asked: Asked, chance: Random, makers: tuple[Maker, ...] = ALL) -> Request | None:
    """Some request of one of these kinds that this operation has a place for."""
    for maker in chance.sample(makers, len(makers)):
        made = maker(asked, chance)
        if made is not None:
            return made
    return None

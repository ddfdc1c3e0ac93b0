"""Right values by their schema, from a seed: what a request is made of before one thing in it is spoilt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from maillage import clock

CANARY: Final = "Canarivel"
"""A name that nobody has: where a refusal says it, something of the input was echoed."""
Schema = Mapping[str, Any]
_FITTING: Final = (
    "consultation", "a", "x-1", "abc", "A1", "AB-12", "12345", "71014", "123456", "10:30", "2026-11", "+33199000001",
    "0123456789012", "12345678901234", "appointments:*", "PJSIP/{number}@x", "PJSIP/{address}", "a@b.example", "1",
    "sterilisation", "ABC", "a" * 12, "7" * 9, "A" * 43,
)  # fmt: skip


@dataclass
class Pools:
    """Ids that exist, by what they are ids of: `site_id`, or the path of the list that named them."""

    by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, path: str, answer: object) -> None:
        """All ids in an answer of that path."""
        if isinstance(answer, list):
            for each in answer:
                self.learn(path, each)
        elif isinstance(answer, dict):
            for name, value in answer.items():
                if isinstance(value, str) and _is_id(value):
                    self.add(path if name == "id" else name, value)
                    if name == "id":
                        self.add(_noun(path), value)
                else:
                    self.learn(path, value)

    def add(self, name: str, value: str) -> None:
        """One more; a hundred of a kind are enough."""
        known = self.by_name[name]
        if value not in known and len(known) < 100:
            known.append(value)

    def one(self, chance: Random, *names: str) -> str | None:
        """Some id of the first kind that has one."""
        for name in names:
            if self.by_name.get(name):
                return chance.choice(self.by_name[name])
        return None


def _noun(path: str) -> str:
    """`site_id` for `/api/appointments/v1/sites`."""
    last = path.rstrip("/").rpartition("/")[2].replace("-", "_")
    return (last[:-3] + "y" if last.endswith("ies") else last.removesuffix("s")) + "_id"


def _is_id(text: str) -> bool:
    return len(text) == 36 and re.fullmatch(r"[0-9a-f-]{36}", text) is not None


def made_id(chance: Random) -> str:
    """An id that nothing has."""
    return str(UUID(int=chance.getrandbits(128), version=4))


class Sampler:
    """Values that fit the schemas of one document."""

    def __init__(self, document: Schema, pools: Pools) -> None:
        self._schemas: Schema = document.get("components", {}).get("schemas", {})
        self.pools = pools

    def resolved(self, schema: Schema) -> Schema:
        """Without `$ref`; of several kinds the first that is not null."""
        while "$ref" in schema:
            schema = self._schemas[str(schema["$ref"]).rpartition("/")[2]]
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                kinds = [each for each in schema[several] if each.get("type") != "null"]
                return {**self.resolved(kinds[0]), "nullable": len(kinds) < len(schema[several])}
        return schema

    def kinds(self, schema: Schema) -> Iterable[Schema]:
        """Every kind of value that is right here."""
        while "$ref" in schema:
            schema = self._schemas[str(schema["$ref"]).rpartition("/")[2]]
        several = schema.get("anyOf") or schema.get("oneOf")
        if several is None:
            yield schema
            return
        for each in several:
            yield from self.kinds(each)

    def value(self, schema: Schema, chance: Random, name: str = "") -> Any:
        """Some right value."""
        schema = self.resolved(schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return chance.choice(list(schema["enum"]))
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object(schema, chance)
        if kind == "array":
            count = max(int(schema.get("minItems", 0)), min(1, int(schema.get("maxItems", 1))))
            return [self.value(schema.get("items", {}), chance, name.removesuffix("s")) for _ in range(count)]
        if kind in ("integer", "number"):
            least, most = schema.get("minimum", schema.get("exclusiveMinimum", 0)), schema.get("maximum", 10**6)
            low = int(least) + (1 if "exclusiveMinimum" in schema else 0)
            return chance.randint(low, max(low, min(int(most), low + 20)))
        if kind == "boolean":
            return chance.random() < 0.5
        return self._text(schema, chance, name) if kind == "string" else {}

    def _object(self, schema: Schema, chance: Random) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        return {
            name: self.value(each, chance, name)
            for name, each in schema.get("properties", {}).items()
            if name in required or chance.random() < 0.5
        }

    def _text(self, schema: Schema, chance: Random, name: str) -> str:
        now = clock.now() + timedelta(days=chance.randint(1, 20))
        form = schema.get("format")
        if form == "uuid":
            known = self.pools.one(chance, name, name.removeprefix("from_").removeprefix("to_"), name + "_id")
            return known if known and chance.random() < 0.8 else made_id(chance)
        if form == "date-time":
            return now.replace(minute=0, second=0, microsecond=0).isoformat()
        if form in ("date", "time"):
            return now.date().isoformat() if form == "date" else f"{chance.randint(8, 18):02d}:00"
        if form == "uri":
            return "https://partner.example/hook"
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 200))
        if "pattern" in schema:
            fit = [each for each in _FITTING if re.search(schema["pattern"], each) and least <= len(each) <= most]
            return chance.choice(fit) if fit else "a"
        if "phone" in name or "number" in name:
            return "+33199000001"
        if name == "timezone":
            return "Europe/Paris"
        return f"{CANARY} {chance.randint(1, 99)}".ljust(least, "e")[:most]

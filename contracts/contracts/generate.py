"""From the event classes: one JSON Schema per event and one AsyncAPI 3 document. And what may change in a published
event.

A published event may gain optional fields and new words nowhere else: everything a reader relied on stays. Anything
more is a new
version of the type, beside the old one.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import JsonValue

from contracts.all_events import contracts as _all
from contracts.base import Event, events, name_of, service_of

__all__ = ["asyncapi", "documents", "incompatible", "schema_of", "write"]

ROOT = Path(_all.__file__ or "").parent.parent
Schema = Mapping[str, JsonValue]


def schema_of(kind: type[Event]) -> dict[str, JsonValue]:
    """The JSON Schema (2020-12) of a payload, as it is written: what a reader may rely on."""
    schema: dict[str, JsonValue] = kind.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"/schemas/{kind.TYPE}.json"} | schema


def asyncapi() -> dict[str, JsonValue]:
    """Every event as AsyncAPI 3: channel = subject on the broker, message = CloudEvents headers and payload."""
    channels: dict[str, JsonValue] = {}
    operations: dict[str, JsonValue] = {}
    for kind, event in sorted(events().items()):
        name = f"{service_of(kind)}.{name_of(kind)}"
        channels[name] = {
            "address": f"maillage.{{territory}}.{name}",
            "parameters": {"territory": {"description": "Code of the territory, such as saone-et-loire"}},
            "messages": {kind: {"$ref": f"#/components/messages/{kind}"}},
        }
        operations[f"publish.{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "summary": (event.__doc__ or "").splitlines()[0],
        }
    messages: dict[str, JsonValue] = {
        kind: {
            "name": kind,
            "contentType": "application/json",
            "headers": {"$ref": "#/components/schemas/envelope"},
            "payload": {"$ref": f"schemas/{kind}.json"},
            "x-readers": list(event.READERS),
            "x-partners": event.PARTNERS,
        }
        for kind, event in sorted(events().items())
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Maillage events",
            "version": "1",
            "description": "CloudEvents 1.0, binary mode, over NATS JetStream.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"envelope": _ENVELOPE}},
    }


_TEXT: dict[str, JsonValue] = {"type": "string"}
_ENVELOPE: dict[str, JsonValue] = {
    "type": "object",
    "required": [
        "ce-specversion",
        "ce-id",
        "ce-type",
        "ce-source",
        "ce-subject",
        "ce-time",
        "ce-organisationid",
        "ce-sequence",
    ],
    "properties": {
        "ce-specversion": {"const": "1.0"},
        "ce-id": {
            "type": "string",
            "format": "uuid",
            "description": "Same as Nats-Msg-Id: an event is applied once per id",
        },
        "ce-type": _TEXT,
        "ce-source": _TEXT,
        "ce-subject": {"type": "string", "format": "uuid", "description": "The aggregate: order is kept within one"},
        "ce-time": {"type": "string", "format": "date-time"},
        "ce-organisationid": {"type": "string", "format": "uuid"},
        "ce-sequence": {"type": "string", "description": "Position in the producer's outbox"},
        "ce-traceparent": _TEXT,
    },
}


def documents() -> dict[str, str]:
    """Every generated file, by its path below `contracts/`."""
    files = {f"schemas/{kind}.json": _text(schema_of(event)) for kind, event in events().items()}
    return files | {"asyncapi.json": _text(asyncapi())}


def _text(document: Schema) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(root: Path = ROOT) -> list[str]:
    """Writes what differs from the committed files and returns their paths.

    Refused (ValueError) when a published event would change in a way that breaks its readers: make a `.v2` instead.
    """
    changed: list[str] = []
    for path, text in documents().items():
        file = root / path
        old = file.read_text(encoding="utf-8") if file.exists() else None
        if old == text:
            continue
        if old is not None and path.startswith("schemas/"):
            broken = list(incompatible(json.loads(old), json.loads(text)))
            if broken:
                raise ValueError(f"{path}: {'; '.join(broken)}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        changed.append(path)
    return changed


def incompatible(old: Schema, new: Schema) -> Iterator[str]:
    """What a reader of `old` would miss or not understand in `new`, one sentence each."""
    yield from _differences("", old, new, old, new)


def _resolved(schema: JsonValue, root: Schema) -> Schema:
    if isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        definitions = root.get("$defs")
        found = definitions.get(reference.rpartition("/")[2]) if isinstance(definitions, dict) else None
        return found if isinstance(found, dict) else {}
    return schema if isinstance(schema, dict) else {}


def _differences(place: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterator[str]:
    old, new = _resolved(dict(old), old_root), _resolved(dict(new), new_root)
    for word in ("type", "format", "const"):
        if old.get(word) != new.get(word):
            yield f"{place or 'payload'}: {word} was {old.get(word)}, is {new.get(word)}"
    if _words(new) - _words(old):
        yield f"{place}: new words {sorted(_words(new) - _words(old))}"
    if _kinds(new) - _kinds(old):
        yield f"{place}: may now also be {sorted(_kinds(new) - _kinds(old))}"
    before, after = old.get("properties"), new.get("properties")
    if isinstance(before, dict):
        now = after if isinstance(after, dict) else {}
        for name, field in before.items():
            if name not in now:
                yield f"{place}/{name}: gone"
            elif isinstance(field, dict):
                yield from _differences(f"{place}/{name}", field, _resolved(now[name], new_root), old_root, new_root)
        lost = _required(old) - _required(new)
        if lost:
            yield f"{place or 'payload'}: no longer always there: {sorted(lost)}"
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _differences(
            f"{place}[]", _resolved(old["items"], old_root), _resolved(new["items"], new_root), old_root, new_root
        )


def _words(schema: Schema) -> set[str]:
    words = schema.get("enum")
    return {str(word) for word in words} if isinstance(words, list) else set()


def _kinds(schema: Schema) -> set[str]:
    options = schema.get("anyOf")
    if not isinstance(options, list):
        return set()
    return {json.dumps(option, sort_keys=True) for option in options}


def _required(schema: Schema) -> set[str]:
    required = schema.get("required")
    return {str(name) for name in required} if isinstance(required, list) else set()

"""What is generated from the code and committed in `contracts/`: OpenAPI of each service, schemas of the events."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

import contracts
import contracts.all_events
from contracts.base import Event, events, name_of, service_of
from maillage.installation import services
from maillage.processes import load
from maillage.service import create_api

ROOT = Path(contracts.__file__).parents[1]


def documents() -> Iterator[tuple[str, str]]:
    """Each file below `contracts/`, with its text."""
    for name in services():
        service = load(name)
        yield f"openapi/{name}.json", _text(create_api(service, service.settings()).openapi())
    for kind, event in sorted(events().items()):
        yield f"schemas/{kind}.json", _text(schema(kind, event))
    yield "asyncapi.json", _text(asyncapi())


def write() -> list[str]:
    """Write what differs, remove what no longer exists; returns the names of the changed files."""
    wanted = dict(documents())
    changed = []
    for name, text in wanted.items():
        file = ROOT / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
            changed.append(name)
    for file in [*ROOT.glob("openapi/*.json"), *ROOT.glob("schemas/*.json")]:
        name = file.relative_to(ROOT).as_posix()
        if name not in wanted:
            file.unlink()
            changed.append(f"{name} (removed)")
    return changed


def schema(kind: str, event: type[Event]) -> dict[str, JsonValue]:
    """JSON Schema 2020-12 of an event's payload, under the address where the gateway serves it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/schemas/{kind}.json",
        **event.model_json_schema(mode="serialization"),
    }


def asyncapi() -> dict[str, JsonValue]:
    """AsyncAPI 3.0: one channel and one message per event; the payloads are the JSON Schemas beside it."""
    channels: dict[str, JsonValue] = {}
    operations: dict[str, JsonValue] = {}
    for kind, event in sorted(events().items()):
        name = kind.replace(".", "_")
        channels[name] = {
            "address": f"maillage.{{territory}}.{service_of(kind)}.{name_of(kind)}",
            "parameters": {"territory": {"description": "Name of the territory, as in MAILLAGE_TERRITORY."}},
            "messages": {name: _message(kind, event)},
        }
        operations[f"send_{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Maillage", "version": "1", "description": (contracts.base.__doc__ or "").strip()},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
    }


def _message(kind: str, event: type[Event]) -> dict[str, JsonValue]:
    return {
        "name": kind,
        "summary": (event.__doc__ or "").strip().partition("\n")[0],
        "contentType": "application/json",
        "payload": {"$ref": f"schemas/{kind}.json"},
        "x-readers": list(event.READERS),
        "x-partners": event.PARTNERS,
    }


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

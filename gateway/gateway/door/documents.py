"""What the door answers by itself, made once at start: health, public keys, the API of all services in one, event
schemas."""

import html
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from gateway.door import for_partners
from gateway.door.files import NEVER, Console, Document, whole
from gateway.door.routes import METHODS, Routes, public_path
from gateway.door.tokens import KeyRing
from gateway.settings import GatewaySettings
from maillage import clock

_JSON: Final = b"application/json"
_TEXT: Final = b"text/plain; charset=utf-8"
_HTML: Final = b"text/html; charset=utf-8"
_STANDS_FOR: Final = timedelta(days=180)
"""How long ahead security.txt is said to be current; less than a year is asked (RFC 9116 2.5.5)."""


class Documents:
    """Documents by path. The map is built at start: no path of a request is ever joined to a folder."""

    def __init__(
        self,
        openapi: Mapping[str, Mapping[str, object]],
        routes: Routes,
        schemas: Path,
        ring: KeyRing,
        console: Console,
        settings: GatewaySettings,
    ) -> None:
        self._ring = ring
        self._console = console
        api = aggregated(openapi)
        self._known = for_partners.documents(settings, api, openapi) | {
            "/healthz": Document(_JSON, b'{"status":"ok"}', NEVER),
            "/openapi.json": whole(_JSON, json.dumps(api, ensure_ascii=False).encode()),
            "/docs": whole(_HTML, docs_page(openapi, routes).encode()),
        }
        for file in sorted(schemas.rglob("*")) if schemas.is_dir() else ():
            if file.suffix in (".json", ".yaml") and file.is_file():
                media = _JSON if file.suffix == ".json" else b"application/yaml"
                self._known[f"/schemas/{file.relative_to(schemas).as_posix()}"] = whole(media, file.read_bytes())

    def find(self, path: str, query: bytes = b"") -> Document | None:
        """The document of a path. `?for=partner` narrows the API to what a machine may call. Refused: `NO_CONSOLE`
        404."""
        if path == "/openapi.json" and query == b"for=partner":
            return self._known[for_partners.OPENAPI]
        if path == "/.well-known/jwks.json":
            return Document(_JSON, json.dumps(self._ring.jwks()).encode(), NEVER)
        if path == "/.well-known/security.txt":
            return Document(_TEXT, security_txt())
        if path == "/console" or path.startswith("/console/"):
            return self._console.find(path)
        return self._known.get(path)


def security_txt() -> bytes:
    """Whom to tell of a weakness (RFC 9116)."""
    until = (clock.now() + _STANDS_FOR).strftime("%Y-%m-%dT00:00:00Z")
    return f"Contact: mailto:securite@maillage.example\nPreferred-Languages: fr, en\nExpires: {until}\n".encode()


def aggregated(documents: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """One OpenAPI document with public paths; a service's components are prefixed by its name, so that none meet."""
    paths: dict[str, object] = {}
    components: dict[str, dict[str, object]] = {"schemas": {}, "responses": {}}
    for service, document in documents.items():
        text = json.dumps(document)
        for kind in components:
            text = text.replace(f"#/components/{kind}/", f"#/components/{kind}/{service}.")
        own = json.loads(text)
        for path, item in own.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    item[method]["tags"] = [service]
                    item[method]["operationId"] = f"{service}.{item[method].get('operationId', method)}"
            paths[public_path(service, path)] = item
        for kind, known in components.items():
            known |= {f"{service}.{name}": each for name, each in own.get("components", {}).get(kind, {}).items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Maillage", "version": "1", "description": "All services through the one door."},
        "paths": dict(sorted(paths.items())),
        "components": components,
    }


def docs_page(documents: Mapping[str, Mapping[str, object]], routes: Routes) -> str:
    """A page for people, without script: every operation with its permission, by service."""
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        "<title>Maillage: API</title></head><body><main><h1>Maillage: API</h1>",
        "<p>Machine-readable: <a href='/openapi.json'>/openapi.json</a> (OpenAPI 3.1). ",
        "Permissions: <code>service:noun.verb</code>; <code>public</code> needs no sign-in, ",
        "<code>self</code> any sign-in.</p>",
    ]
    told = dict(_told(documents))
    for service in documents:
        parts.append(f"<h2>{html.escape(service)}</h2><dl>")
        for operation in routes.operations:
            if operation.service == service:
                summary = told.get((operation.template, operation.method), "")
                parts.append(
                    f"<dt><code>{operation.method} {html.escape(operation.template)}</code> "
                    f"<small>{html.escape(' | '.join(operation.asked))}</small></dt><dd>{html.escape(summary)}</dd>"
                )
        parts.append("</dl>")
    return "".join(parts) + "</main></body></html>"


def _told(documents: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[tuple[str, str], str]]:
    for service, document in documents.items():
        paths = document.get("paths")
        for path, item in paths.items() if isinstance(paths, Mapping) else ():
            for method in METHODS:
                if method in item:
                    text = str(item[method].get("description") or item[method].get("summary") or "")
                    yield (public_path(service, path), method.upper()), text.partition("\n\n")[0]

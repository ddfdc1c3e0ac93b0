"""Routes, compiled once at start from the committed OpenAPI files: the door imports no service.

A path of a service under `/v1/` is public as `/api/<service>/v1/…`; the others (`/rdv/…`, `/auth/…`) keep their name.
Finding one costs a dictionary step per word of the path, however many routes there are.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway import permissions

Klass = Literal["critical", "normal", "bulk"]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """What one method of one path declares of itself in OpenAPI (`x-…`)."""

    service: str
    method: str
    template: str
    """The public path with its `{names}`: what logs and metrics show, never the path itself."""
    asked: tuple[str, ...]
    """Full names of permissions, one is enough; or `public`, `self`, `signed`."""
    klass: Klass = "normal"
    max_body: int = 262_144
    timeout_s: float = 10
    public_s: float = 0
    step_up_s: float | None = None
    """How old the second factor of a professional may be."""


class _Declared(BaseModel):
    model_config = ConfigDict(extra="ignore")

    permission: str = Field(alias="x-permission")
    klass: Klass = Field("normal", alias="x-class")
    max_body: int = Field(262_144, alias="x-max-body")
    timeout_s: float = Field(10, alias="x-timeout")
    public_s: float | None = Field(None, alias="x-public")
    step_up_s: float | None = Field(None, alias="x-step-up")


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    patterns: list[tuple[str, str, "_Node"]] = field(default_factory=list)
    """Segments that are only partly a name, as `{id}.ics`: (before, after, node), tried before `any`."""
    any: "_Node | None" = None
    methods: dict[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A path that exists: its methods."""

    methods: Mapping[str, Operation]

    def allow(self) -> str:
        """The value of `Allow`."""
        names = set(self.methods) | ({"HEAD"} if "GET" in self.methods else set())
        return ", ".join(sorted(names))


class Routes:
    """All operations of all services by public path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = tuple(operations)
        self._root = _Node()
        self._exact: dict[str, Found] = {}
        for operation in self.operations:
            node = self._root
            for segment in operation.template[1:].split("/"):
                node = _child(node, segment)
            if operation.method in node.methods:
                raise ValueError(f"{operation.method} {operation.template} is declared twice")
            node.methods[operation.method] = operation
            if "{" not in operation.template:
                self._exact[operation.template] = Found(node.methods)

    def find(self, text: str, segments: tuple[str, ...]) -> Found | None:
        """The methods of a decoded path, or None when no service has it."""
        found = self._exact.get(text)
        if found is not None:
            return found
        node = _straight(self._root, segments) or _walk(self._root, segments, 0)
        return Found(node.methods) if node is not None else None


def _child(node: _Node, segment: str) -> _Node:
    if "{" not in segment:
        return node.words.setdefault(segment, _Node())
    before, _, rest = segment.partition("{")
    after = rest.partition("}")[2]
    if not before and not after:
        node.any = node.any or _Node()
        return node.any
    for known_before, known_after, child in node.patterns:
        if (known_before, known_after) == (before, after):
            return child
    child = _Node()
    node.patterns.append((before, after, child))
    return child


def _straight(node: _Node, segments: tuple[str, ...]) -> _Node | None:
    """The node of a path that has at each word one way only to go on; None: look at all ways."""
    for segment in segments:
        child = node.words.get(segment)
        if child is None:
            if node.patterns or not segment or node.any is None:
                return None
            child = node.any
        node = child
    return node if node.methods else None


def _walk(node: _Node, segments: tuple[str, ...], at: int) -> _Node | None:
    if at == len(segments):
        return node if node.methods else None
    segment = segments[at]
    child = node.words.get(segment)
    if child is not None and (found := _walk(child, segments, at + 1)) is not None:
        return found
    if not segment:
        return None
    for before, after, child in node.patterns:
        fits = len(segment) > len(before) + len(after) and segment.startswith(before) and segment.endswith(after)
        if fits and (found := _walk(child, segments, at + 1)) is not None:
            return found
    return _walk(node.any, segments, at + 1) if node.any is not None else None


def public_path(service: str, path: str) -> str:
    """`/api/appointments/v1/slots` of `/v1/slots`; other paths keep their name."""
    return f"/api/{service}{path}" if path.startswith("/v1/") else path


def inner_path(service: str, raw: str) -> str:
    """The path as the service knows it."""
    prefix = f"/api/{service}"
    return raw.removeprefix(prefix) if raw.startswith(prefix + "/v1/") else raw


def operations_of(service: str, document: Mapping[str, object]) -> list[Operation]:
    """The operations of one OpenAPI document. One without `x-permission` is an error: default no (invariant G3)."""
    paths = document.get("paths")
    if not isinstance(paths, Mapping):
        raise ValueError(f"the OpenAPI document of {service} has no paths")
    return [
        _operation(service, str(path), method, methods[method])
        for path, methods in paths.items()
        for method in METHODS
        if method in methods
    ]


def _operation(service: str, path: str, method: str, raw: Mapping[str, object]) -> Operation:
    if "x-permission" not in raw:
        raise ValueError(f"{method.upper()} {path} of {service} names no permission")
    said = _Declared.model_validate(raw)
    return Operation(
        service=service,
        method=method.upper(),
        template=public_path(service, path),
        asked=permissions.full_names(service, said.permission),
        klass=said.klass,
        max_body=said.max_body,
        timeout_s=said.timeout_s,
        public_s=min(said.public_s or 0, 2),
        step_up_s=said.step_up_s,
    )


def documents(folder: Path) -> dict[str, dict[str, object]]:
    """The committed OpenAPI files, by service."""
    return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))}


def compiled(documents: Mapping[str, Mapping[str, object]]) -> Routes:
    """The routes of all services."""
    return Routes(operation for service, each in documents.items() for operation in operations_of(service, each))

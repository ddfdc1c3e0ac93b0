"""What an operation may refuse, said once: OpenAPI names a problem for every status that can occur."""

from typing import Any, Final

from fastapi import FastAPI

_UNSAFE: Final = frozenset({"post", "put", "patch", "delete"})
_ALWAYS: Final = (400, 401, 403, 404, 409, 410, 414, 415, 429, 431, 503, 504)
"""Of the operation, of the door before it, and of the listener before both."""
_OF_ACTS: Final = (408, 412, 413, 422)
_SCHEMA: Final = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). `code` is stable; `title` and `detail` are for a person, in the language of "
    "`Accept-Language`; `instance` is the request's id. Some codes add members of their own.",
    "type": "object",
    "required": ["code", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "code": {"type": "string", "pattern": "^[A-Z][A-Z_]*$"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901, or ?name for a parameter of the query."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RESPONSES: Final = {
    "Problem": {"description": "Refused: `code` says why.", "content": _PROBLEM},
    "Page": {
        "description": "Refused, or shown again: a page for a browser that navigates, a problem for a program.",
        "content": {"text/html": {"schema": {"type": "string"}}, **_PROBLEM},
    },
    "SeeOther": {
        "description": "Done: the next page.",
        "headers": {"Location": {"required": True, "schema": {"type": "string"}}},
    },
    "NotModified": {"description": "The caller has this version."},
}
_OF_FASTAPI: Final = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Adds the refusals to the document that FastAPI makes."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        return app.openapi_schema or _document(plain())

    app.openapi = openapi  # type: ignore[method-assign]


def _document(document: dict[str, Any]) -> dict[str, Any]:
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            _add(operation["responses"], method, page=not path.startswith(("/v1/", "/api/")))
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _OF_FASTAPI:
        schemas.pop(name, None)
    schemas["Problem"] = _SCHEMA
    components["responses"] = {**components.get("responses", {}), **_RESPONSES}
    return document


def _add(responses: dict[str, Any], method: str, *, page: bool) -> None:
    """What the operation says itself stays; FastAPI's own 422 is not what is sent."""
    statuses = list(_ALWAYS)
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
        statuses.append(422)
    if method in _UNSAFE:
        statuses += _OF_ACTS
    for status in statuses:
        responses.setdefault(str(status), {"$ref": f"#/components/responses/{'Page' if page else 'Problem'}"})
    if page:
        responses.setdefault("303", {"$ref": "#/components/responses/SeeOther"})
    elif method == "get":
        responses.setdefault("304", {"$ref": "#/components/responses/NotModified"})

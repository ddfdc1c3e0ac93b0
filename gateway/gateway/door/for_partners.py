"""What a partner's developer reads first: where tokens are asked for (RFC 8414, SMART), and what a machine may call."""

import json
import re
from collections.abc import Mapping
from typing import Final

from gateway import permissions
from gateway.door.files import Document, whole
from gateway.door.routes import METHODS, public_path
from gateway.partners.domain import ALGORITHMS, CLIENT_SCOPES, SMART_SCOPES
from gateway.settings import GatewaySettings

OPENAPI: Final = "/openapi.json?for=partner"
_JSON: Final = b"application/json"
_TOKENS: Final = frozenset({"/oauth/token", "/oauth/revoke"})
_REF: Final = re.compile(r'"#/components/(\w+)/([^"]+)"')


def documents(
    settings: GatewaySettings, whole_api: Mapping[str, object], openapi: Mapping[str, Mapping[str, object]]
) -> dict[str, Document]:
    """By path; the API by path and query."""
    base = settings.public_url.rstrip("/")
    return {
        "/.well-known/oauth-authorization-server": _document({"issuer": base, **_endpoints(base)}),
        "/fhir/.well-known/smart-configuration": _document(
            {**_endpoints(base), "capabilities": ["client-confidential-asymmetric", "permission-v2"]}
        ),
        OPENAPI: callable_by_machines(whole_api, openapi),
    }


def _document(members: Mapping[str, object]) -> Document:
    return whole(_JSON, json.dumps(members, ensure_ascii=False).encode())


def _endpoints(base: str) -> dict[str, object]:
    algorithms, methods = list(ALGORITHMS), ["private_key_jwt"]
    return {
        "token_endpoint": f"{base}/oauth/token",
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint": f"{base}/oauth/revoke",
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [*sorted(CLIENT_SCOPES & permissions.TABLE.keys()), *SMART_SCOPES],
        "tls_client_certificate_bound_access_tokens": True,
        "service_documentation": f"{base}/docs",
    }


def callable_by_machines(whole_api: Mapping[str, object], openapi: Mapping[str, Mapping[str, object]]) -> Document:
    """The part of the API that a machine may be allowed to call, and only the components that it needs."""
    paths, kept = whole_api["paths"], {}
    assert isinstance(paths, Mapping)
    for service, document in openapi.items():
        own = document.get("paths")
        for path, item in own.items() if isinstance(own, Mapping) else ():
            public = public_path(service, path)
            methods = [each for each in METHODS if each in item and _open(service, public, item[each])]
            if methods:
                kept[public] = {
                    name: each for name, each in paths[public].items() if name in methods or name not in METHODS
                }
    components = whole_api["components"]
    assert isinstance(components, Mapping)
    return _document({**whole_api, "paths": dict(sorted(kept.items())), "components": _needed(kept, components)})


def _open(service: str, path: str, operation: Mapping[str, object]) -> bool:
    if path in _TOKENS:
        return True
    if operation.get("x-step-up") is not None:
        return False  # asks for a person's second factor
    return not CLIENT_SCOPES.isdisjoint(permissions.full_names(service, str(operation["x-permission"])))


def _needed(
    paths: Mapping[str, object], components: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, object]]:
    """The components that these paths name, and those that these name in turn."""
    found: dict[str, dict[str, object]] = {kind: {} for kind in components}
    waiting = set(_REF.findall(json.dumps(paths)))
    while waiting:
        kind, name = waiting.pop()
        if name in found[kind]:
            continue
        found[kind][name] = components[kind][name]
        waiting |= set(_REF.findall(json.dumps(components[kind][name])))
    return {kind: dict(sorted(each.items())) for kind, each in found.items()}

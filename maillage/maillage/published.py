"""What is generated from the code and committed in `contracts/`: OpenAPI of each service, schemas of the events."""

import json
from collections.abc import Iterator

from contracts import generate
from maillage.installation import services
from maillage.processes import load
from maillage.service import create_api


def openapi_documents() -> Iterator[tuple[str, str]]:
    """The OpenAPI file of each installed service, by its path below `contracts/`."""
    for name in services():
        service = load(name)
        document = create_api(service, service.settings()).openapi()
        yield f"openapi/{name}.json", json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write() -> list[str]:
    """Writes what differs and returns the names of the changed files.

    Refused (ValueError) when a published event would change in a way that breaks its readers.
    """
    changed = generate.write()
    for name, text in openapi_documents():
        file = generate.ROOT / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed

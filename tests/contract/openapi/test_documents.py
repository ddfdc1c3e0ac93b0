"""The OpenAPI files that are committed are what the code says, and the gateway can read all it needs from them."""

import json
import re
from pathlib import Path

import pytest

import contracts
from maillage import published
from maillage.installation import services

ROOT = Path(contracts.__file__).parents[1]
METHODS = ("get", "post", "put", "patch", "delete")
CLASSES = {"critical", "normal", "bulk"}


def test_the_committed_files_are_the_generated_ones() -> None:
    """Otherwise: `make contracts`, look at the difference, commit it."""
    generated = dict(published.openapi_documents())
    assert {path.relative_to(ROOT).as_posix() for path in ROOT.glob("openapi/*.json")} == set(generated)
    for name, text in generated.items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"contracts/{name} is not what the code says"


@pytest.mark.parametrize("service", services())
def test_every_operation_says_who_may_call_it_and_how_much_it_bears(service: str) -> None:
    document = json.loads((ROOT / "openapi" / f"{service}.json").read_text(encoding="utf-8"))
    operations = [
        (f"{method} {path}", item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]
    assert operations
    for name, operation in operations:
        assert operation.get("x-permission"), name
        assert operation.get("x-class") in CLASSES, name
        assert 0 < operation["x-max-body"] <= 6_000_000, name
        assert 0 < operation["x-timeout"] <= 120, name
        assert operation.get("description") or operation.get("summary"), name


@pytest.mark.parametrize("service", services())
def test_every_reference_leads_somewhere_in_its_document(service: str) -> None:
    """What reads the documents to make a client stops at the first that does not."""
    document = json.loads((ROOT / "openapi" / f"{service}.json").read_text(encoding="utf-8"))
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert references
    for reference in references:
        place = document
        for step in reference.split("/"):
            assert step in place, reference
            place = place[step]

"""The committed schemas are those of the classes, and a published event cannot change under its readers."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contracts.base import Event, events
from contracts.generate import ROOT, asyncapi, documents, incompatible, write

PUBLISHED = sorted((ROOT / "schemas").glob("*.json"))
FORBIDDEN = ("name", "family", "given", "phone", "mobile", "email", "birth", "reason", "note", "ins", "nir", "label")


@pytest.mark.parametrize("path", sorted(documents()))
def test_a_committed_file_is_what_the_classes_say(path: str) -> None:
    """Otherwise: `make contracts`, and commit what it wrote."""
    assert (ROOT / path).read_text(encoding="utf-8") == documents()[path]


def test_no_published_event_has_disappeared() -> None:
    assert {file.stem for file in PUBLISHED} == set(events())


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_each_schema_is_a_schema(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("event", events().values(), ids=lambda event: event.TYPE)
def test_an_event_carries_no_word_about_a_patient(event: type[Event]) -> None:
    """Identifiers and facts only. Practitioners, sites and organisations have public names; patients have none here."""
    patients = "patient_id" in event.model_fields
    for field in event.model_fields:
        assert not (patients and any(word in field.split("_") for word in FORBIDDEN)), field


def test_the_asyncapi_document_names_every_event() -> None:
    channels = asyncapi()["channels"]
    assert isinstance(channels, dict)
    assert len(channels) == len(events())


def removed(schema: dict[str, dict[str, object]]) -> None:
    schema["properties"].pop("start")


def retyped(schema: dict[str, dict[str, object]]) -> None:
    schema["properties"]["version"] = {"type": "string"}


def new_word(schema: dict[str, dict[str, dict[str, list[str]]]]) -> None:
    schema["properties"]["status"]["enum"].append("proposed")


def made_optional(schema: dict[str, list[str]]) -> None:
    schema["required"].remove("patient_id")


def now_null(schema: dict[str, dict[str, object]]) -> None:
    schema["properties"]["patient_id"] = {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}


@pytest.mark.parametrize("change", [removed, retyped, new_word, made_optional, now_null], ids=lambda c: c.__name__)
def test_a_change_that_breaks_readers_is_named(change: Callable[[object], None]) -> None:
    old = json.loads(documents()["schemas/appointments.appointment_booked.v1.json"])
    new = deepcopy(old)
    change(new)
    assert list(incompatible(old, new)) != []


def test_generating_over_a_published_event_is_refused_when_it_breaks_readers(tmp_path: Path) -> None:
    """As if `version` had been text before and the class had just been changed."""
    name = "schemas/appointments.appointment_booked.v1.json"
    before = json.loads(documents()[name])
    retyped(before)
    (tmp_path / "schemas").mkdir()
    (tmp_path / name).write_text(json.dumps(before), encoding="utf-8")
    with pytest.raises(ValueError, match="appointment_booked"):
        write(tmp_path)
    assert json.loads((tmp_path / name).read_text(encoding="utf-8")) == before


def test_a_new_field_is_welcome() -> None:
    name = "schemas/appointments.site_changed.v1.json"
    old = json.loads(documents()[name])
    wider = deepcopy(old)
    wider["properties"]["opened_on"] = {"type": "string", "format": "date"}
    assert list(incompatible(old, wider)) == []

"""I19, I20: what events may carry of a patient is an id."""

import pytest

import contracts.all_events  # noqa: F401  registers the classes
from contracts.base import Event, events

PERSONAL = (
    "ins",
    "nir",
    "phone",
    "mobile",
    "email",
    "birth",
    "family_name",
    "given_name",
    "note",
    "reason",
    "contact",
    "sex",
)


@pytest.mark.parametrize(
    "event", [e for kind, e in events().items() if kind.startswith("appointments.")], ids=lambda e: e.TYPE
)
def test_no_event_of_appointments_has_a_field_for_what_is_personal(event: type[Event]) -> None:
    fields = [name.lower() for name in event.model_json_schema().get("properties", {})]
    assert fields
    assert [name for name in fields if name in PERSONAL or any(part in name.split("_") for part in PERSONAL)] == []

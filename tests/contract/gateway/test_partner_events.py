"""What partners may have: every such event says who reads it and where it is read, and the place exists."""

import re
from typing import Any

import pytest

import contracts.all_events
from contracts.base import Event, events
from gateway.door.routes import documents, operations_of
from gateway.permissions import TABLE
from gateway.settings import GatewaySettings

assert contracts.all_events
OPEN = [kind for kind in events().values() if kind.PARTNERS]
DOCUMENTS = documents(GatewaySettings().openapi_dir)
READ = {
    re.sub(r"\{[^}]*\}", "{}", operation.template): operation
    for service, document in DOCUMENTS.items()
    for operation in operations_of(service, document)
    if operation.method == "GET"
}


def test_appointments_and_free_times_are_open_to_partners() -> None:
    """Gateway 3.8: what a hospital and the SAS follow."""
    types = {kind.TYPE for kind in OPEN}
    assert {
        "appointments.appointment_booked.v1",
        "appointments.appointment_moved.v1",
        "appointments.appointment_cancelled.v1",
        "appointments.availability_changed.v1",
    } <= types
    assert not [kind for kind in types if kind.startswith("gateway.")]


@pytest.mark.parametrize("kind", OPEN, ids=lambda kind: kind.TYPE)
def test_an_open_event_is_read_where_it_says(kind: type[Event]) -> None:
    """Its readers are in the table; its address is a GET that one of them may ask; it holds ids of the event only."""
    assert kind.READERS
    assert set(kind.READERS) <= set(TABLE)
    assert set(re.findall(r"\{(\w+)\}", kind.HREF)) <= {kind.SUBJECT}
    path, _, question = kind.HREF.partition("?")
    operation = READ[re.sub(r"\{[^}]*\}", "{}", path)]
    paths: Any = DOCUMENTS[operation.service]["paths"]
    known = paths[operation.template.removeprefix(f"/api/{operation.service}")]["get"]
    assert set(re.findall(r"(\w+)=", question)) <= {each["name"] for each in known.get("parameters", [])}
    assert set(kind.READERS) & set(operation.asked)


@pytest.mark.parametrize("kind", [kind for kind in events().values() if not kind.PARTNERS], ids=lambda kind: kind.TYPE)
def test_other_events_have_no_address_for_partners(kind: type[Event]) -> None:
    """Nothing is opened by half."""
    assert not kind.HREF

"""Permissions, routes, codes, passwords, admission and circuit: rules without I/O."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from gateway import permissions
from gateway.accounts.domain import next_status, rpps_is_right
from gateway.codes import contacts, domain
from gateway.demo import rpps
from gateway.door import admission, routes
from gateway.door.admission import Admission, Circuit, Overloaded
from gateway.door.shared import Answer, SharedAnswers
from gateway.permissions import Delegation
from gateway.sessions import domain as sessions
from maillage.refusals import ServiceUnavailable
from maillage.sealing import Sealer, Unsealable
from tests.harness.admission import place_in

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_delegation_reaches_only_with_the_permissions_it_was_given_for() -> None:
    own, client, other = uuid4(), uuid4(), uuid4()
    given = (
        Delegation(client, frozenset({"appointments:slot.read"})),
        Delegation(other, frozenset({"telesecretariat:*"})),
    )

    def reach(role: str, own: UUID | None, given: tuple[Delegation, ...], granted: tuple[str, ...]) -> object:
        return permissions.organisations(permissions.grants_of(role), own, given, granted, role=role)

    assert reach("telesecretary", own, given, ("appointments:slot.read",)) == frozenset({own, client})
    assert reach("telesecretary", own, given, ("appointments:appointment.write",)) == frozenset({own})
    assert reach("front_desk", own, given, ("appointments:slot.read",)) == frozenset({own}), (
        "reach `o` ignores delegations"
    )
    assert reach("regulator", own, given, ("appointments:slot.read",)) is None
    assert reach("patient", None, (), ("appointments:slot.read",)) is None
    assert reach("", None, (), ("self",)) == frozenset(), "a professional without context reaches nothing"


def test_the_table_says_what_the_design_says() -> None:
    assert permissions.reach_of("supervisor", "appointments:appointment.overbook") == "d"
    assert permissions.reach_of("practitioner", "appointments:appointment.overbook") == "s"
    assert permissions.reach_of("telesecretary", "appointments:appointment.overbook") is None
    assert permissions.held("visitor", "appointments") == {"slot.read": "p", "slot.hold": "s"}
    assert not permissions.held("administrator", "appointments"), "administrators read no patient"
    assert permissions.held("auditor", "gateway") == {"audit.read": "o"}, "auditors write nothing"


def test_an_operation_without_or_with_an_unknown_permission_stops_the_start() -> None:
    for operation in ({}, {"x-permission": "slot.raed"}):
        with pytest.raises(ValueError, match="permission"):
            routes.operations_of("appointments", {"paths": {"/v1/slots": {"get": operation}}})


def test_routes_prefer_words_to_names_and_narrow_names_to_wide_ones() -> None:
    paths = ["/v1/a", "/v1/a/{id}", "/v1/a/{id}.ics", "/v1/a/latest", "/v1/a/{id}/b", "/rdv/g/{token}"]
    document = {"paths": {path: {"get": {"x-permission": "slot.read"}} for path in paths}}
    compiled = routes.compiled({"appointments": document})

    def found(path: str) -> str | None:
        hit = compiled.find(path, tuple(path[1:].split("/")))
        return hit.methods["GET"].template.removeprefix("/api/appointments") if hit else None

    assert found("/api/appointments/v1/a") == "/v1/a"
    assert found("/api/appointments/v1/a/latest") == "/v1/a/latest"
    assert found("/api/appointments/v1/a/7") == "/v1/a/{id}"
    assert found("/api/appointments/v1/a/7.ics") == "/v1/a/{id}.ics"
    assert found("/api/appointments/v1/a/latest/b") == "/v1/a/{id}/b", "a word that leads nowhere gives way to a name"
    assert found("/rdv/g/abc") == "/rdv/g/{token}"
    for unknown in ("/api/appointments/v1/a/", "/api/appointments/v1", "/v1/a", "/rdv/g/", "/", "/api/other/v1/a"):
        assert found(unknown) is None, unknown
    with pytest.raises(ValueError, match="twice"):
        routes.Routes([*compiled.operations, compiled.operations[0]])


@pytest.mark.parametrize(
    ("channel", "typed", "contact"),
    [
        ("sms", "06 39 98 00 01", "+33639980001"),
        ("sms", "+33 (0)6 39 98 00 01", "+33639980001"),
        ("sms", "0033639980001", "+33639980001"),
        ("sms", "06\u00a039\u202f98 00 01", "+33639980001"),
        ("voice", "01 99 00 12 34", "+33199001234"),
        ("voice", "06 39 98 00 01", "+33639980001"),
        ("sms", "+262 692 12 34 56", "+262692123456"),
        ("email", " Quelqu.Un@EXEMPLE.fr ", "Quelqu.Un@exemple.fr"),
        ("sms", "01 99 00 12 34", None),
        ("sms", "06 39 98 00 0", None),
        ("voice", "0899123456", None),
        ("voice", "0810123456", None),
        ("voice", "15", None),
        ("sms", "+447400123456", None),
        ("email", "a@localhost", None),
        ("email", "a..b@exemple.fr", None),
        ("email", "@exemple.fr", None),
        ("email", "a@b\r\nBcc: c@exemple.fr", None),
    ],
)
def test_contacts(channel: domain.Channel, typed: str, contact: str | None) -> None:
    assert contacts.possible(channel, typed)[0] == contact


def test_typed_codes_are_read_as_people_type_them() -> None:
    assert domain.typed_digits(" 123 456 ") == "123456"
    assert domain.typed_digits("123-456") == "123456"
    assert domain.typed_digits("\u0661\u0662\u0663\u0664\u0665\u0666") == "123456", "Arabic-Indic"
    assert domain.typed_digits("\uff11\uff12\uff13\uff14\uff15\uff16") == "123456", "full width"
    assert domain.typed_digits("12345a") == "12345a"
    assert domain.typed_digits("²3456½") != "23456"


def test_a_masked_contact_shows_its_ends_only() -> None:
    assert contacts.masked("+33639980001") == "06\u00a0••\u00a0••\u00a0••\u00a001"
    assert contacts.masked("quelquun@exemple.fr") == "q•••@exemple.fr"


def test_return_addresses_stay_on_the_patient_pages() -> None:
    for fine in ("/rdv", "/rdv/identite", "/rdv/creneaux?motif=a&lieu=b%20c", None):
        assert domain.good_return(fine)
    for bad in (
        "",
        "/",
        "//x",
        "/rdv//x",
        "/rdvx",
        "/rdv/../x",
        "https://x",
        "/rdv/\n",
        "/rdv/" + "a" * 500,
        "/rdv\\x",
    ):
        assert not domain.good_return(bad), bad


def test_locks_grow() -> None:
    minutes = [sessions.locked_until(failures, NOW) for failures in (4, 5, 6, 10, 15, 20)]
    assert [lock and (lock - NOW) / timedelta(minutes=1) for lock in minutes] == [None, 5, None, 15, 60, 60]
    assert sessions.login_key(" Accueil ") == sessions.login_key("ａccueil")


def test_states_of_an_account_and_the_demonstrations_numbers() -> None:
    assert next_status("active", "suspend") == "suspended"
    assert next_status("closed", "reinstate") is None
    assert rpps_is_right(rpps(1))
    assert not rpps_is_right(f"{int(rpps(1)) + 1}")


def test_a_seal_opens_for_its_own_use_and_key_only() -> None:
    sealer = Sealer(b"k" * 43)
    sealed = sealer.seal("contact", b"secret")
    assert sealer.open("contact", sealed) == b"secret"
    assert sealer.seal("contact", b"secret") != sealed
    for other, use, bytes_ in (
        (sealer, "code", sealed),
        (Sealer(b"j" * 43), "contact", sealed),
        (sealer, "contact", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (sealer, "contact", b""),
    ):
        with pytest.raises(Unsealable):
            other.open(use, bytes_)


async def test_places_are_kept_for_what_is_critical_and_waiting_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAIT_S", {"critical": 0.02, "normal": 0.02})
    places = Admission(20)
    inside = [place_in(places, "critical") for _ in range(19)]
    for each in inside:
        await each.__aenter__()
    with pytest.raises(Overloaded):
        async with place_in(places, "normal"):
            pass
    async with place_in(places, "critical"):
        with pytest.raises(Overloaded):
            async with place_in(places, "critical"):
                pass
    waiting = asyncio.create_task(place_in(places, "normal").__aenter__())
    await asyncio.sleep(0)
    await inside.pop().__aexit__(None, None, None)
    await waiting
    assert places.in_flight == 19
    for each in inside:
        await each.__aexit__(None, None, None)
    assert places.in_flight == 1


def test_a_circuit_opens_probes_and_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    at = 100.0
    monkeypatch.setattr("gateway.door.admission.time.monotonic", lambda: at)
    circuit = Circuit()
    for _ in range(4):
        circuit.failed()
    circuit.succeeded()
    circuit.check()
    for _ in range(5):
        circuit.failed()
    with pytest.raises(ServiceUnavailable):
        circuit.check()
    at += 1.0
    circuit.check()
    with pytest.raises(ServiceUnavailable):
        circuit.check()  # the probe is under way
    circuit.failed()
    at += 1.5
    with pytest.raises(ServiceUnavailable):
        circuit.check()  # the second time it is open for two seconds
    circuit.retry()
    circuit.refuse()  # it was seen to answer: nobody waits for the second second
    circuit.check()
    with pytest.raises(ServiceUnavailable):
        circuit.refuse()
    circuit.failed()
    at += 4.1
    circuit.check()
    circuit.succeeded()
    circuit.check()
    assert not circuit.is_open


async def test_shared_answers_are_fetched_once_kept_briefly_and_never_when_they_fail() -> None:
    shared, fetched = SharedAnswers(capacity=10), 0

    async def fetch(status: int, size: int) -> Answer:
        nonlocal fetched
        fetched += 1
        await asyncio.sleep(0)
        return Answer(status, [], b"x" * size)

    def key(name: str) -> tuple[str, str, bytes, bytes, bytes]:
        return ("s", name, b"", b"", b"")

    await asyncio.gather(*(shared.get(key("a"), 60, lambda: fetch(200, 4)) for _ in range(9)))
    await shared.get(key("a"), 60, lambda: fetch(200, 4))
    assert fetched == 1
    for _ in range(2):
        await shared.get(key("b"), 60, lambda: fetch(503, 4))
    assert fetched == 3
    for name in ("c", "d"):
        await shared.get(key(name), 60, lambda: fetch(200, 4))
    await shared.get(key("a"), 60, lambda: fetch(200, 4))
    assert fetched == 6, "the oldest left when there was no more room"

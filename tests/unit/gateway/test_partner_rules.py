"""Machines of partners: scopes and their SMART words, when keys are read, what makes a key. Rules without I/O."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from gateway import permissions
from gateway.partners import domain, jwks
from gateway.partners.domain import CLIENT_SCOPES, granted, keys_due, permissions_of, still_good
from gateway.partners.errors import REASONS
from tests.harness.machine import ec_key, rsa_key
from tests.harness.machine import jwks as set_of

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READ, WRITE = "appointments:appointment.read", "appointments:appointment.write"


def test_what_a_machine_may_hold_is_in_the_table_and_nothing_of_administration_or_audit() -> None:
    assert permissions.TABLE.keys() >= CLIENT_SCOPES
    assert {name for name in CLIENT_SCOPES if name.startswith("gateway:")} == {"gateway:subscription.write"}


@pytest.mark.parametrize(
    "act", ["load.release", "hold.sign", "use.override", "scan.write", "load.write", "setup.write"]
)
def test_what_a_person_answers_for_in_the_plant_no_machine_may_hold(act: str) -> None:
    assert f"cooperation:{act}" in permissions.TABLE
    assert permissions_of(f"cooperation:{act}") is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("appointments:slot.read", {"appointments:slot.read"}),
        ("system/Slot.rs", {"appointments:slot.read"}),
        ("system/Schedule.u", {"appointments:schedule.write"}),
        ("system/Appointment.crus", {READ, WRITE}),
        ("system/Appointment.cu", {WRITE}),
        ("system/Patient.cr", {"appointments:patient.read", "appointments:patient.write"}),
    ],
)
def test_words_of_machines(word: str, meant: set[str]) -> None:
    assert permissions_of(word) == frozenset(meant)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "system/Slot",
        "system/Slot.",
        "system/Slot.sr",
        "system/Slot.rr",
        "system/Slot.rx",
        "system/Slot.d",
        "system/Slot.*",
        "system/*.rs",
        "user/Slot.rs",
        "Slot.rs",
        "slot.read",
        "gateway:audit.read",
        "appointments:patient.merge",
    ],
)
def test_words_that_mean_nothing(word: str) -> None:
    assert permissions_of(word) is None


def test_a_scope_is_granted_in_the_words_it_was_asked_in() -> None:
    assert granted(None, [WRITE, READ]) == (f"{READ} {WRITE}", frozenset({READ, WRITE}))
    assert granted("system/Appointment.rs", [READ]) == ("system/Appointment.rs", frozenset({READ}))
    assert granted("system/Appointment.crus", [READ]) is None, "never less than was asked"
    assert granted("", [READ]) is None


def test_keys_at_an_address_are_read_after_ten_minutes_or_for_an_unknown_one_once_a_minute() -> None:
    minutes = [NOW - timedelta(minutes=number) for number in range(12)]
    assert keys_due(None, None, NOW, known=False)
    assert not keys_due(minutes[9], minutes[9], NOW, known=True)
    assert keys_due(minutes[10], minutes[10], NOW, known=True)
    assert keys_due(minutes[1], minutes[1], NOW, known=False)
    assert not keys_due(minutes[11], NOW - timedelta(seconds=59), NOW, known=False)
    assert still_good(NOW - timedelta(hours=23), NOW)
    assert not still_good(NOW - timedelta(hours=24), NOW)
    assert not still_good(None, NOW)


def test_an_address_may_hold_keys_that_are_not_for_us() -> None:
    """They are left out; of two keys with one name neither counts; when a key was first seen stays known."""
    good, weak = ec_key("good"), {**set_of(rsa_key("weak"))["keys"][0], "n": "AQAB"}
    mixed: JsonValue = {
        "keys": [*set_of(good, ec_key("twice"), ec_key("twice"))["keys"], weak, "x", {"kty": "oct", "kid": "k"}]
    }
    first = jwks.published(mixed, NOW)
    assert first is not None
    assert [key.kid for key in first] == ["good"]
    later = jwks.published(mixed, NOW + timedelta(days=1), first)
    assert later == first
    assert jwks.published({"keys": []}, NOW) == [], "all withdrawn is an answer"
    assert jwks.published({"error": "gone"}, NOW) is None
    assert jwks.published([], NOW) is None


def test_a_key_goes_with_the_algorithms_of_its_kind_only() -> None:
    (key,) = jwks.uploaded(set_of(ec_key(curve="P-256")), NOW)
    assert [alg for alg in domain.ALGORITHMS if key.fits(alg)] == ["ES256"]
    (key,) = jwks.uploaded(set_of(rsa_key()), NOW)
    assert [alg for alg in domain.ALGORITHMS if key.fits(alg)] == ["PS256", "PS384", "RS384"]
    assert not key.fits("RS256")
    assert not key.fits("none")


def test_every_reason_is_said_in_both_languages() -> None:
    for code, words in REASONS.items():
        assert words.fr.endswith("."), code
        assert words.en.endswith("."), code

"""Rules of badges, devices, organisations' numbers and delegations."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.badges.domain import pin_is_weak, read_badge
from gateway.delegations.domain import first_unknown, may_end
from gateway.devices.domain import LIVES, browser_label, end_of, spaced
from gateway.organisations.domain import given_twice, identifier_is_right

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "pin", ["000000", "999999", "123456", "987654", "890123", "121212", "123123", "12345", "12345a", "¹²³⁴⁵⁷"]
)
def test_pins_that_are_tried_first_are_refused(pin: str) -> None:
    """Repeated, in turn, a run, not six digits."""
    assert pin_is_weak(pin)


@pytest.mark.parametrize("pin", ["270419", "112233", "123457", "102938"])
def test_other_pins_are_taken(pin: str) -> None:
    """A choice is left: a million less some dozens."""
    assert not pin_is_weak(pin)


def test_a_badge_reads_the_same_however_its_reader_writes_it() -> None:
    """Separators and case do not count; what is no badge is none."""
    assert {read_badge(text) for text in ("04:a2:5f", "04A25F", " 04-a2.5F ")} == {"04A25F"}
    assert [read_badge(text) for text in ("", "abc", "é" * 8, "0" * 65)] == [None] * 4


@pytest.mark.parametrize(
    ("system", "value", "right"),
    [
        ("finess", "710000001", True),
        ("finess", "710000002", False),
        ("finess", "2A0000012", True),
        ("finess", "2C0000012", False),
        ("finess", "71000000", False),
        ("siret", "73282932000074", True),
        ("siret", "73282932000075", False),
        ("siret", "35600000000048", True),
        ("siret", "35600000000049", False),
        ("siren", "732829320", True),
        ("siren", "732829321", False),
        ("urn:other", "anything", True),
    ],
)
def test_numbers_have_their_key(system: str, value: str, right: bool) -> None:
    """FINESS, SIREN and SIRET by Luhn; Corsica and La Poste as they are; others as told."""
    assert identifier_is_right(system, value) is right


def test_the_first_number_said_twice_is_named() -> None:
    """By its place; the same value of another system is another number."""
    assert given_twice([("a", "1"), ("b", "1"), ("a", "1")]) == 2
    assert given_twice([("a", "1"), ("b", "1")]) is None


def test_what_may_be_delegated() -> None:
    """Permissions of the table, whole services that have some, never the gateway's own."""
    table = {"appointments:slot.read", "telesecretariat:call.handle", "gateway:account.write"}
    assert first_unknown(["appointments:slot.read", "telesecretariat:*"], table) is None
    for wrong in ("appointments:no.such", "bakery:*", "gateway:*", "gateway:account.write", "appointments"):
        assert first_unknown(["appointments:*", wrong], table) == 1, wrong


def test_either_end_shortens_and_the_client_alone_prolongs() -> None:
    """Without end, any end is shorter."""
    later = NOW + timedelta(days=1)
    assert may_end(later, NOW, is_client=True)
    assert not may_end(later, NOW, is_client=False)
    assert may_end(NOW, later, is_client=False)
    assert may_end(later, None, is_client=False)


def test_a_device_lasts_a_year_unless_told() -> None:
    """The past means now."""
    assert end_of(None, NOW) == NOW + LIVES
    assert end_of(NOW - timedelta(days=1), NOW) == NOW
    assert spaced("123456789012") == "1234 5678 9012"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/126.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1 Version/17.5 Safari/605.1", "Safari, Mac"),
        ("curl/8", None),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, label: str | None) -> None:
    """Browser and system, nothing finer."""
    assert browser_label(agent) == label

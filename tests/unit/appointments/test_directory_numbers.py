"""RPPS, FINESS and SIRET numbers: form and key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.demo import ids
from appointments.directory import domain

DIGITS = st.text("0123456789", min_size=1, max_size=20)


@given(DIGITS)
def test_a_number_with_its_key_is_right_and_with_any_other_digit_in_its_place_is_not(body: str) -> None:
    """Luhn's key is the only digit that makes the sum a multiple of ten."""
    key = domain.luhn_key(body)
    right = [digit for digit in "0123456789" if domain.luhn_sum(body + digit) % 10 == 0]
    assert right == [key]


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_of_an_rpps_number_is_always_seen(value: str, place: int, by: int) -> None:
    """The key exists to catch one mistyped digit."""
    right = value[:10] + domain.luhn_key(value[:10])
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert domain.is_rpps(right)
    assert not domain.is_rpps(wrong)


@pytest.mark.parametrize("value", ["", "8990000001", "899000000122", "8990000001a", "٨٩٩٠٠٠٠٠٠١٢", "89900000012\n"])
def test_an_rpps_number_is_eleven_ascii_digits(value: str) -> None:
    """Neither shorter nor longer, nor digits of another script."""
    assert domain.is_rpps("89900000012")
    assert not domain.is_rpps(value)


@pytest.mark.parametrize("department", ["71", "2A", "2B", "97"])
def test_a_finess_number_has_a_key_in_every_department(department: str) -> None:
    """Corsica's letters count as 1 and 2; the key tells 2A from 2B."""
    body = department + "000001"
    value = body + domain.finess_key(body)
    assert domain.is_finess(value)
    assert not domain.is_finess(value[:-1] + str((int(value[-1]) + 1) % 10))


def test_letters_other_than_those_of_corsica_are_no_finess_number() -> None:
    """Not even when the digits around them would do."""
    assert not any(domain.is_finess(f"2C000001{key}") for key in "0123456789")
    assert not any(domain.is_finess(f"A1000001{key}") for key in "0123456789")


def test_a_siret_number_follows_luhn_or_the_rule_of_la_poste() -> None:
    """INSEE gave La Poste more establishments than Luhn numbers: the sum of their digits is a multiple of five."""
    assert domain.is_siret("73282932000074")
    assert not domain.is_siret("73282932000075")
    assert domain.is_siret("35600000000048")
    assert domain.is_siret("35600000009075")  # digits add up to 35, no Luhn number
    assert not domain.is_siret("35600000009076")


def test_a_doctor_is_called_doctor_and_a_nurse_by_name() -> None:
    """What patients read."""
    assert domain.display_name("physician", "Zélie", "Vermasson") == "Dr Zélie Vermasson"
    assert domain.display_name("nurse", "Alban", "Loreblin") == "Alban Loreblin"


def test_the_numbers_that_other_parts_know_by_value_do_not_change() -> None:
    """The gateway's demonstration accounts carry them."""
    assert (ids.FIRST_PHYSICIAN_RPPS, ids.FIRST_NURSE_RPPS) == ("89900000012", "89900000319")
    assert all(domain.is_rpps(ids.rpps(serial)) for serial in range(1, ids.PHYSICIANS + ids.NURSES + 1))

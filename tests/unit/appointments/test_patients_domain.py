"""Identity (RNIV), names and contacts: rules without a base."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from appointments.patients import domain
from appointments.patients.domain import StrictTraits
from appointments.patients.schemas import ContactIn, IdentityIn, PatientPatch
from maillage.clock import now

TRAITS = StrictTraits("MARTIN", "Léa", date(1990, 5, 4), "female", "71014")


@pytest.mark.parametrize("status", ["VALI", "RECUP", "QUAL"])
@pytest.mark.parametrize(
    "change",
    [
        {"birth_family_name": "MARTINE"},
        {"birth_given_names": "Lea"},
        {"birth_date": date(1990, 5, 5)},
        {"sex": "male"},
        {"birth_place_insee": None},
    ],
)
def test_a_changed_strict_trait_takes_a_checked_identity_back_to_prov(status: str, change: dict[str, object]) -> None:
    assert domain.status_after(status, TRAITS, replace(TRAITS, **change)) == "PROV"  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["PROV", "VALI", "RECUP", "QUAL"])
def test_unchanged_traits_keep_the_status(status: str) -> None:
    assert domain.status_after(status, TRAITS, TRAITS) == status


@pytest.mark.parametrize("status", ["PROV", "VALI", "RECUP", "QUAL"])
def test_the_ins_is_shown_only_when_qualified_and_only_to_the_entitled(status: str) -> None:
    assert domain.may_show_ins(status, entitled=True) is (status == "QUAL")
    assert domain.may_show_ins(status, entitled=False) is False


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le Goff", ("Goff", "Le")),
        ("Jean-Pierre O'Brien", ("Pierre", "Brien", "Jean", "O")),
        ("100% _x_ \\", ("100", "x")),
        ("%%%", ()),
        ("محمد", ("محمد",)),
    ],
)
def test_signs_separate_words_and_the_longest_comes_first(text: str, words: tuple[str, ...]) -> None:
    assert domain.search_words(text) == words


def test_a_search_has_at_most_six_words() -> None:
    assert len(domain.search_words(" ".join(f"w{n}" for n in range(50)))) == 6


def test_the_rarest_word_finds_and_short_words_only_when_alone() -> None:
    assert domain.rarest({"martin": 3500, "cleo": 2, "go": 0}) == "cleo"
    assert domain.rarest({"le": 9, "go": 4}) == "go"


def test_the_birth_name_is_shown_beside_another_used_name() -> None:
    assert domain.display_name("DURAND", "MARTIN", "Anne Marie", "Anne") == "Anne MARTIN (DURAND)"
    assert domain.display_name("DURAND", "DURAND", "Anne", None) == "Anne DURAND"


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("mobile", "06 39 98 00 01", "+33639980001"),
        ("mobile", "0033639980001", "+33639980001"),
        ("mobile", "+33(0)6 39 98 00 01", "+33639980001"),
        ("landline", "03.53.01.00.12", "+33353010012"),
        ("email", " Lea.MARTIN@Example.ORG ", "lea.martin@example.org"),
    ],
)
def test_a_contact_has_one_way_to_be_written(kind: str, typed: str, stored: str) -> None:
    assert ContactIn.model_validate({"kind": kind, "value": typed}).value == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("mobile", "0353010012"),
        ("mobile", "0899123456"),
        ("landline", "15"),
        ("landline", "deux"),
        ("landline", "0" * 30),
        ("email", "lea@"),
        ("email", "lea@exa mple.org"),
        ("email", "léa@example.org"),
        ("email", "a\n@example.org"),
    ],
)
def test_what_cannot_be_reached_is_no_contact(kind: str, typed: str) -> None:
    with pytest.raises(ValidationError):
        ContactIn.model_validate({"kind": kind, "value": typed})


def _identity(**changed: object) -> dict[str, object]:
    return {"birth_family_name": "Martin", "birth_given_names": "Léa", "birth_date": "1990-05-04", **changed}


@pytest.mark.parametrize("name", ["O'Brien", "Null", "X", "محمد بن علي", "d'Été-Ça", "n" * 100])
def test_names_are_kept_as_typed(name: str) -> None:
    assert IdentityIn.model_validate(_identity(birth_family_name=name)).birth_family_name == name


@pytest.mark.parametrize("name", ["", "   ", "a\u0000b", "a\u202eb", "a\u200bb", "\ud800", "1234", "n" * 121])
def test_names_without_a_letter_or_with_invisible_characters_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        IdentityIn.model_validate(_identity(birth_family_name=name))


@pytest.mark.parametrize(
    "born", ["1990-02-30", "1789-07-14", "04/05/1990", 631152000, "1990-05-04T00:00:00Z", "", None, True]
)
def test_a_birth_date_is_a_day_that_existed(born: object) -> None:
    with pytest.raises(ValidationError):
        IdentityIn.model_validate(_identity(birth_date=born))


def test_nobody_is_born_in_the_future() -> None:
    with pytest.raises(ValidationError):
        # allow day-of-a-place: as the rule counts
        IdentityIn.model_validate(_identity(birth_date=(now().date() + timedelta(days=2)).isoformat()))


@pytest.mark.parametrize("name", ["birth_family_name", "birth_given_names", "birth_date", "contacts", "flags"])
def test_what_is_required_cannot_be_emptied_by_a_change(name: str) -> None:
    with pytest.raises(ValidationError):
        PatientPatch.model_validate({name: None})


def test_the_same_contact_twice_is_refused() -> None:
    twice = [{"kind": "mobile", "value": "0639980001"}, {"kind": "mobile", "value": "+33639980001"}]
    with pytest.raises(ValidationError):
        IdentityIn.model_validate(_identity(contacts=twice))

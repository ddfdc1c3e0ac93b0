"""What people type on screen 3 and for a manage link: read, or said to be wrong in a sentence at its field."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from appointments.appointments.schemas import RequesterIn
from appointments.pages.views import WHO_FIELDS
from appointments.patients.fields import BirthDate, Name
from appointments.patients.schemas import IdentityIn
from maillage.pages import Form
from maillage.words import Words

CHOOSE_PERSON = Words("Choisissez une personne.", "Choose a person.")
GIVE_FIRST_NAME = Words("Écrivez le prénom.", "Write the first name.")
GIVE_FAMILY_NAME = Words("Écrivez le nom de naissance.", "Write the birth name.")
NAME_WRONG = Words(
    "Ce nom contient des signes qui ne vont pas. Écrivez-le avec des lettres, 120 au plus.",
    "This name has signs that do not fit. Write it with letters, 120 at most.",
)
GIVE_BIRTH_DATE = Words("Écrivez le jour, le mois et l'année de naissance.", "Write the day, month and year of birth.")
NO_SUCH_DATE = Words(
    "Cette date n'existe pas. Vérifiez le jour, le mois et l'année.",
    "This date does not exist. Check the day, month and year.",
)
NOT_BORN = Words("Cette date de naissance n'est pas possible.", "This date of birth is not possible.")

_FOR: Mapping[str, Literal["self", "parent", "other"]] = {"moi": "self", "enfant": "parent", "proche": "other"}
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_BIRTH: TypeAdapter[date] = TypeAdapter(BirthDate)
Say = Callable[[Words], str]


@dataclass
class Wrong:
    """The errors of a form, in the order of its fields."""

    say: Say
    found: list[tuple[str | None, str]] = field(default_factory=list)

    def add(self, where: str, what: Words) -> None:
        """One more error at a field."""
        self.found.append((where, self.say(what)))


@dataclass(frozen=True, slots=True)
class Who:
    """Who comes: somebody known to the contact, or somebody new."""

    patient_id: UUID | None = None
    identity: IdentityIn | None = None
    requester: RequesterIn | None = None


def words_of(form: Form) -> dict[str, str]:
    """The fields of screen 3 as typed, kept with the request."""
    return {name: form.text(name, 200) for name in WHO_FIELDS}


def who(values: Mapping[str, str], known: Collection[str], say: Say) -> tuple[Who | None, list[tuple[str | None, str]]]:
    """Reads screen 3. `known`: the people that the proved contact reaches, as offered on the page."""
    wrong = Wrong(say)
    if values["personne"] in known:
        return Who(patient_id=UUID(values["personne"])), []
    if known and values["personne"] != "autre":
        wrong.add("personne", CHOOSE_PERSON)
        return None, wrong.found
    given = _name(values["prenom"], "prenom", GIVE_FIRST_NAME, wrong)
    family = _name(values["nom"], "nom", GIVE_FAMILY_NAME, wrong)
    used = _name(values["nom_utilise"], "nom_utilise", None, wrong)
    born = birth_date(values, wrong)
    if wrong.found or born is None:
        return None, wrong.found
    identity = IdentityIn(
        birth_family_name=family, birth_given_names=given, used_family_name=used or None, birth_date=born
    )
    return Who(identity=identity, requester=RequesterIn(kind=_FOR.get(values["pour"], "self"))), []


def _name(value: str, where: str, missing: Words | None, wrong: Wrong) -> str:
    if not value:
        if missing is not None:
            wrong.add(where, missing)
        return ""
    try:
        return _NAME.validate_python(value)
    except ValidationError:
        wrong.add(where, NAME_WRONG)
        return ""


def birth_date(values: Mapping[str, str], wrong: Wrong) -> date | None:
    """The date of the three fields, or None with an error added at `naissance`."""
    parts = [values[name] for name in ("annee", "mois", "jour")]
    if not all(parts):
        wrong.add("naissance", GIVE_BIRTH_DATE)
        return None
    try:
        year, month, day = (int(part) if part.isascii() and part.isdigit() else 0 for part in parts)
        born = date(year, month, day)
    except (ValueError, OverflowError):
        wrong.add("naissance", NO_SUCH_DATE)
        return None
    try:
        return _BIRTH.validate_python(born)
    except ValidationError:
        wrong.add("naissance", NOT_BORN)
        return None

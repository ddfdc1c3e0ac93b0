"""Wire types of patients."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from appointments.directory.fields import InseeCode
from appointments.patients.fields import BirthDate, ContactKind, Name, contact_value
from maillage.wire import Instant, Patch, Phone, Wire

IdentityStatus = Literal["PROV", "VALI", "RECUP", "QUAL"]
Sex = Literal["female", "male", "unknown"]
Flag = Literal["doubtful", "namesake", "interpreter", "mobility"]
RelationKind = Literal["parent", "guardian", "carer", "spouse"]


class ContactIn(Wire):
    """A way to reach a person: E.164 number (read as typed in France) or e-mail address."""

    kind: ContactKind
    value: Annotated[str, Field(max_length=254)]

    @field_validator("value")
    @classmethod
    def _one_way_to_write(cls, value: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        return value if kind is None else contact_value(kind, value)


Contacts = Annotated[Sequence[ContactIn], Field(max_length=10)]


def _no_contact_twice(contacts: Sequence[ContactIn]) -> None:
    if len({contact.value for contact in contacts}) < len(contacts):
        raise PydanticCustomError("INVALID", "a contact is given twice")


class IdentityIn(Wire):
    """Who a person says to be; the status of what is only said is PROV (RNIV). INS, status and organisation are never
    sent.

    `not_same_as`: people whom a refusal named as candidates, and who are declared to be others.
    """

    birth_family_name: Name
    used_family_name: Name | None = None
    birth_given_names: Name
    used_given_name: Name | None = None
    birth_date: BirthDate
    sex: Sex | None = None
    birth_place_insee: InseeCode | None = None
    contacts: Contacts = ()
    not_same_as: Annotated[Sequence[UUID], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _contacts_once(self) -> "IdentityIn":
        _no_contact_twice(self.contacts)
        return self


class PatientIn(IdentityIn):
    """A new patient. `site_id`: where the person will come, for callers who act for several centres."""

    flags: Annotated[Sequence[Literal["interpreter", "mobility"]], Field(max_length=2)] = ()
    referring_practitioner_id: UUID | None = None
    site_id: UUID | None = None


class PatientPatch(Patch):
    """What changes; a field that is left out stays. `contacts` and `flags` replace the whole set.

    A changed strict trait (birth names, birth date, sex, birth place) takes a checked identity back to PROV.
    """

    EMPTIABLE = frozenset(
        {"used_family_name", "used_given_name", "sex", "birth_place_insee", "referring_practitioner_id"}
    )

    birth_family_name: Name | None = None
    used_family_name: Name | None = None
    birth_given_names: Name | None = None
    used_given_name: Name | None = None
    birth_date: BirthDate | None = None
    sex: Sex | None = None
    birth_place_insee: InseeCode | None = None
    contacts: Contacts | None = None
    flags: Annotated[Sequence[Literal["interpreter", "mobility"]], Field(max_length=2)] | None = None
    referring_practitioner_id: UUID | None = None

    @model_validator(mode="after")
    def _contacts_once(self) -> "PatientPatch":
        _no_contact_twice(self.contacts or ())
        return self


class ContactOut(Wire):
    """`verified_at`: when somebody proved by a one-time code that he holds it."""

    kind: ContactKind
    value: str
    verified_at: Instant | None


class RelationIn(Wire):
    """`other_patient_id` is this patient's parent, guardian, carer or spouse: may book for him, may receive his
    messages.
    """

    other_patient_id: UUID
    kind: RelationKind
    may_book: bool = True
    may_receive: bool = True
    until: Instant | None = None


class RelationsIn(Wire):
    """The whole set of a patient's relations."""

    relations: Annotated[Sequence[RelationIn], Field(max_length=20)]

    @model_validator(mode="after")
    def _each_once(self) -> "RelationsIn":
        if len({(r.other_patient_id, r.kind) for r in self.relations}) < len(self.relations):
            raise PydanticCustomError("INVALID", "a relation is given twice")
        return self


class RelationOut(RelationIn):
    """A relation and the name of the other person."""

    display_name: str


class PatientOut(Wire):
    """A patient's file. `ins` only for a qualified identity (QUAL), and only for those who check identities."""

    id: UUID
    organisation_id: UUID
    identity_status: IdentityStatus
    display_name: str
    birth_family_name: str
    used_family_name: str | None
    birth_given_names: str
    used_given_name: str | None
    birth_date: date
    sex: Sex | None
    birth_place_insee: str | None
    ins: str | None
    flags: Sequence[Flag]
    referring_practitioner_id: UUID | None
    first_seen_at: Instant | None
    online_blocked_until: Instant | None
    contacts: Sequence[ContactOut]
    relations: Sequence[RelationOut]
    version: int


class PatientItem(Wire):
    """A patient in a list, and a candidate of a suspected duplicate."""

    id: UUID
    identity_status: IdentityStatus
    display_name: str
    birth_family_name: str
    birth_given_names: str
    birth_date: date
    sex: Sex | None


class NextAppointment(Wire):
    """The next time a person is expected."""

    appointment_id: UUID
    start: Instant
    site_id: UUID


class Candidate(Wire):
    """Somebody who may be calling. `via`: the number is his own, or of a relation of his. `conflict`: his doctor
    became absent.
    """

    patient_id: UUID
    display_name: str
    birth_date: date
    identity_status: IdentityStatus
    via: Literal["contact", "relation"]
    last_seen_on: date | None
    next: NextAppointment | None
    missed_12_months: int
    conflict: bool


class Candidates(Wire):
    """People who use a number, likeliest first; never a match by itself: `must_ask` says what the caller is still
    asked.
    """

    items: Sequence[Candidate]
    must_ask: Sequence[Literal["name", "birth_date"]] = ("name", "birth_date")


class Search(Wire):
    """Criteria of a search; together they narrow. `q`: words of names, in any order, without regard to accents and
    hyphens.
    """

    q: Annotated[str, Field(max_length=200)] | None = None
    birth_date: date | None = None
    phone: Phone | None = None
    limit: int = 20
    cursor: str | None = None

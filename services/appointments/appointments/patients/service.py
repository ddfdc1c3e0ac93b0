"""Use cases of patients. A patient caller reaches only the people of his proved contact, and those for whom they may
book.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.patients import domain, queries
from appointments.patients.errors import (
    DuplicateSuspected,
    PersonUnknown,
    SiteRequired,
)
from appointments.patients.fields import ContactKind, is_mobile
from appointments.patients.schemas import (
    ContactIn,
    IdentityIn,
    PatientIn,
    PatientOut,
    PatientPatch,
    RelationsIn,
)
from appointments.patients.shown import called, item
from contracts.appointments import PatientChanged
from maillage import ids
from maillage.database import Tx
from maillage.principal import Contact
from maillage.refusals import FieldNotAllowed, NotFound, VersionStale

_OWN_TO_CHANGE = frozenset({"used_family_name", "used_given_name"})


async def organisation_for(tx: Tx, site_id: UUID | None) -> UUID:
    """The organisation that receives a new person: that of the site, the caller's own, or the only one he reaches."""
    rows = await tx.fetch(queries.ORGANISATIONS, site_id, tx.principal.org)
    if not rows and site_id is not None:
        raise PersonUnknown(pointer="/site_id")
    if rows and (len(rows) == 1 or rows[0]["id"] == tx.principal.org):
        organisation: UUID = rows[0]["id"]
        return organisation
    raise SiteRequired(pointer="/site_id")


async def reachable_ids(tx: Tx) -> list[UUID]:
    """The people whom a patient caller reaches: those with the contact he proved, and those for whom they may book."""
    contact = tx.principal.contact
    if contact is None:
        return []
    return [row["id"] for row in await tx.fetch(queries.REACHABLE, _value(contact), tx.now)]


async def create(tx: Tx, body: PatientIn) -> PatientOut:
    """A new person, PROV. Refused: `DUPLICATE_SUSPECTED` with candidates; a patient caller gets his own person
    instead.
    """
    organisation = await organisation_for(tx, body.site_id)
    if tx.principal.kind == "patient":
        if body.flags or body.referring_practitioner_id:
            raise FieldNotAllowed(pointer="/flags" if body.flags else "/referring_practitioner_id")
        row = await find_or_create(tx, body, tx.principal.contact, organisation)
    else:
        await _refuse_duplicate(tx, body, organisation)
        row = await _insert(tx, body, organisation, flags=body.flags, referring=body.referring_practitioner_id)
    return await _file(tx, row["id"])


async def find_or_create(
    tx: Tx, identity: IdentityIn, contact: Contact | None, organisation_id: UUID
) -> asyncpg.Record:
    """The row of `patient` for a booking by identity; `contact` is the one that the caller has proved, if any.

    A patient or visitor finds only people whom his contact reaches, else a new person is made: he never learns who is
    known. Who may read patients is refused with `DUPLICATE_SUSPECTED` and its candidates when somebody known may be
    meant; who may not (regulator, partner) gets the one person of that name and birth date, else a new one.
    """
    if tx.principal.kind in ("patient", "visitor"):
        _only_own_to_give(identity)
        known = await _named_among_own(tx, identity, contact, organisation_id)
    elif tx.principal.reach("patient.read") is None:
        same = [row for row in await _suspects(tx, identity, organisation_id) if row["score"] == 1]
        known = same[0] if len(same) == 1 else None
    else:
        await _refuse_duplicate(tx, identity, organisation_id)
        known = None
    return known or await _insert(tx, identity, organisation_id, proved=contact)


def _only_own_to_give(identity: IdentityIn) -> None:
    """The public gives no contact that it has not proved: strangers would be written to, or reach the file."""
    for name in ("contacts", "not_same_as"):
        if getattr(identity, name):
            raise FieldNotAllowed(pointer=f"/{name}")


async def _named_among_own(
    tx: Tx, identity: IdentityIn, contact: Contact | None, organisation_id: UUID
) -> asyncpg.Record | None:
    await tx.execute(queries.ONE_AT_A_TIME, organisation_id, identity.birth_date)
    own = await reachable_ids(tx)
    names = (identity.birth_family_name, identity.birth_given_names)
    known = await tx.fetchrow(queries.NAMED_AMONG, own, organisation_id, identity.birth_date, *names)
    if known is None or contact is None:
        return known
    return await tx.fetchrow(queries.PROVE_CONTACT, known["id"], _value(contact), tx.now) or known


async def _suspects(tx: Tx, identity: IdentityIn, organisation_id: UUID) -> list[asyncpg.Record]:
    await tx.execute(queries.ONE_AT_A_TIME, organisation_id, identity.birth_date)
    return await tx.fetch(
        queries.SUSPECTS,
        organisation_id,
        identity.birth_date,
        identity.birth_family_name,
        identity.used_family_name,
        identity.birth_given_names,
        identity.used_given_name,
        [contact.value for contact in identity.contacts],
        list(identity.not_same_as),
    )


async def _refuse_duplicate(tx: Tx, identity: IdentityIn, organisation_id: UUID) -> None:
    suspects = await _suspects(tx, identity, organisation_id)
    if suspects:
        seen = suspects if tx.principal.reach("patient.read") is not None else []
        candidates: list[JsonValue] = [item(row).model_dump(mode="json") for row in seen]
        raise DuplicateSuspected(candidates=candidates)


async def note_candidates(tx: Tx, refused: DuplicateSuspected) -> None:
    """The candidates that a refusal has shown are in the audit too, though the refusal undid all else."""
    for row in await tx.fetch(queries.WHOSE, refused.candidate_ids()):
        tx.audit("patient.candidate", "patient", row["id"], row["organisation_id"], via="duplicate")


async def _insert(
    tx: Tx,
    identity: IdentityIn,
    organisation_id: UUID,
    *,
    proved: Contact | None = None,
    flags: Sequence[str] = (),
    referring: UUID | None = None,
) -> asyncpg.Record:
    row = await tx.fetchrow(
        queries.CREATE,
        ids.new_id(),
        organisation_id,
        identity.birth_family_name,
        identity.used_family_name,
        identity.birth_given_names,
        identity.used_given_name,
        identity.birth_date,
        identity.sex,
        identity.birth_place_insee,
        list(flags),
        referring,
        tx.now,
    )
    assert row is not None
    await _add_contacts(tx, row, [*identity.contacts, *_as_given(proved)], proved)
    await _declare_others(tx, row, identity.not_same_as)
    tx.audit("patient.create", "patient", row["id"], organisation_id, identity_status="PROV")
    return row


async def _add_contacts(tx: Tx, row: asyncpg.Record, contacts: Sequence[ContactIn], proved: Contact | None) -> None:
    once = {contact.value: contact.kind for contact in contacts}
    if once:
        holds = _value(proved) if proved else None
        verified = [tx.now if value == holds else None for value in once]
        await tx.execute(
            queries.ADD_CONTACTS, row["organisation_id"], row["id"], list(once.values()), list(once), verified
        )


async def _declare_others(tx: Tx, row: asyncpg.Record, others: Sequence[UUID]) -> None:
    if not others:
        return
    known = {found["id"] for found in await tx.fetch(queries.KNOWN_IDS, list(others), row["organisation_id"])}
    for place, other in enumerate(others):
        if other not in known:
            raise PersonUnknown(pointer=f"/not_same_as/{place}")
    await tx.execute(queries.NOT_SAME, row["id"], row["organisation_id"], list(others), tx.principal.sub, tx.now)


async def read(tx: Tx, patient_id: UUID) -> PatientOut:
    """A patient's file; each reading is in the audit."""
    await _in_reach(tx, patient_id, "patient.read")
    return await _file(tx, patient_id)


async def change(tx: Tx, patient_id: UUID, body: PatientPatch, version: int | None) -> PatientOut:
    """The fields that were sent. A changed strict trait takes a checked identity back to PROV and its INS into
    history.
    """
    await _in_reach(tx, patient_id, "patient.write")
    _only_own_to_change(tx, body)
    row = await _locked(tx, patient_id, version)
    sent = body.model_dump(exclude_unset=True, exclude={"contacts"})
    values = {name: sent.get(name, row[name]) for name in _COLUMNS}
    if "flags" in sent:
        values["flags"] = sorted({*sent["flags"], *({"doubtful", "namesake"} & set(row["flags"]))})
    before, after = _traits(dict(row)), _traits(values)
    status = domain.status_after(row["identity_status"], before, after)
    if before != after:
        await tx.execute(queries.KEEP_BEFORE, patient_id, tx.principal.sub, tx.now)
    lost = status != row["identity_status"]
    await tx.execute(queries.CHANGE, patient_id, *(values[name] for name in _COLUMNS), status, lost)
    if body.contacts is not None:
        await tx.execute(queries.DROP_OTHER_CONTACTS, patient_id, [contact.value for contact in body.contacts])
        await _add_contacts(tx, row, body.contacts, None)
    fields = " ".join(sorted(body.model_fields_set))
    tx.audit("patient.write", "patient", patient_id, row["organisation_id"], fields=fields, identity_status=status)
    tell(tx, row)
    return await _file(tx, patient_id)


async def relate(tx: Tx, patient_id: UUID, body: RelationsIn, version: int | None) -> PatientOut:
    """The whole set of a patient's relations. Refused: somebody unknown, of another organisation, or the patient
    himself.
    """
    await _in_reach(tx, patient_id, "patient.write")
    row = await _locked(tx, patient_id, version)
    await _all_known(tx, row, [relation.other_patient_id for relation in body.relations])
    await tx.execute(queries.DROP_RELATIONS, patient_id)
    r = body.relations
    await tx.execute(
        queries.ADD_RELATIONS,
        patient_id,
        row["organisation_id"],
        [each.other_patient_id for each in r],
        [each.kind for each in r],
        [each.may_book for each in r],
        [each.may_receive for each in r],
        [each.until for each in r],
        tx.now,
    )
    await tx.execute(queries.NEXT_VERSION, patient_id)
    tx.audit("patient.relate", "patient", patient_id, row["organisation_id"], relations=len(r))
    tell(tx, row)
    return await _file(tx, patient_id)


def tell(tx: Tx, before: asyncpg.Record) -> None:
    """That a file, locked as it was `before`, is now in its next version: open screens read it again."""
    tx.emit(PatientChanged(patient_id=before["id"], version=before["version"] + 1), before["organisation_id"])


async def _all_known(tx: Tx, row: asyncpg.Record, others: Sequence[UUID]) -> None:
    known = {found["id"] for found in await tx.fetch(queries.KNOWN_IDS, list(others), row["organisation_id"])}
    if tx.principal.reach("patient.write") == "s":
        known &= set(await reachable_ids(tx))
    for place, other in enumerate(others):
        if other not in known or other == row["id"]:
            raise PersonUnknown(pointer=f"/relations/{place}/other_patient_id")


async def _in_reach(tx: Tx, patient_id: UUID, permission: str) -> None:
    """Row-level security stands for organisations; here, whose file it is."""
    if tx.principal.reach(permission) == "s" and patient_id not in await reachable_ids(tx):
        raise NotFound


def _only_own_to_change(tx: Tx, body: PatientPatch) -> None:
    """What a code by SMS does not prove (names of birth, birth date, other contacts) is changed by the centre alone."""
    if tx.principal.reach("patient.write") == "s":
        for name in sorted(body.model_fields_set - _OWN_TO_CHANGE):
            raise FieldNotAllowed(pointer=f"/{name}")


async def _locked(tx: Tx, patient_id: UUID, version: int | None) -> asyncpg.Record:
    row = await tx.fetchrow(queries.LOCK, patient_id)
    if row is None:
        raise NotFound
    if version is not None and version != row["version"]:
        raise VersionStale(version=row["version"])
    return row


async def _file(tx: Tx, patient_id: UUID) -> PatientOut:
    row = await tx.fetchrow(queries.FILE, patient_id)
    if row is None:
        raise NotFound
    entitled = tx.principal.kind == "professional" and tx.principal.reach("identity.write") is not None
    shown = domain.may_show_ins(row["identity_status"], entitled=entitled)
    tx.audit("patient.read", "patient", patient_id, row["organisation_id"], ins=shown and row["ins"] is not None)
    values = {name: row[name] for name in PatientOut.model_fields if name in row}
    relations = [
        {"display_name": domain.display_name(*names)} | rest for names, rest in map(_without_names, row["relations"])
    ]
    return PatientOut.model_validate(
        values | {"display_name": called(row), "ins": row["ins"] if shown else None, "relations": relations}
    )


def _without_names(relation: dict[str, object]) -> tuple[list[str], dict[str, object]]:
    names = relation.pop("names")
    assert isinstance(names, list)
    return names, relation


_COLUMNS = (
    "birth_family_name",
    "used_family_name",
    "birth_given_names",
    "used_given_name",
    "birth_date",
    "sex",
    "birth_place_insee",
    "flags",
    "referring_practitioner_id",
)


def _traits(values: dict[str, object]) -> domain.StrictTraits:
    return domain.StrictTraits(**{name: values[name] for name in domain.StrictTraits.__dataclass_fields__})  # type: ignore[arg-type]


def _value(contact: Contact) -> str:
    return contact.value.strip().lower() if contact.channel == "email" else contact.value


def contact_value_of(contact: Contact) -> tuple[ContactKind, str]:
    """Kind and value of a proved contact, as they are stored."""
    value = _value(contact)
    if contact.channel == "email":
        return "email", value
    return "mobile" if is_mobile(value) else "landline", value


def _as_given(contact: Contact | None) -> Sequence[ContactIn]:
    if contact is None:
        return ()
    kind, value = contact_value_of(contact)
    return (ContactIn(kind=kind, value=value),)

"""The use case of noting what is learnt during a call."""

from dataclasses import replace
from typing import Final, cast
from uuid import UUID

from maillage.database import Tx
from maillage.refusals import VersionStale
from telesecretariat.calls import outcomes
from telesecretariat.calls.access import acting
from telesecretariat.calls.changing import Changes, happen, locked
from telesecretariat.calls.reading import queries
from telesecretariat.calls.reading.errors import NoteTooLong, NumberKnown, UnknownMotive, UnknownPlace
from telesecretariat.calls.reading.schemas import CallFile, CallPatch
from telesecretariat.calls.reading.service import file_of
from telesecretariat.calls.rows import Call
from telesecretariat.repeats.service import unresolved
from telesecretariat.vault import vault

LONGEST: Final = 65_536
_PLAIN: Final = ("caller_kind", "patient_id", "site_id", "practitioner_id", "motive", "outcome", "supervisor_told")
_REFUSED: Final = {
    "motive": UnknownMotive,
    "site_id": UnknownPlace,
    "practitioner_id": UnknownPlace,
}


async def note(tx: Tx, call_id: UUID, body: CallPatch, version: int | None) -> CallFile:
    """Keeps the fields sent. Refused: `NOT_YOUR_CALL`, `VERSION_STALE` 412, `UNKNOWN_MOTIVE`, `UNKNOWN_OUTCOME`,
    `UNKNOWN_PLACE` 422, `NOTE_TOO_LONG` 413, `NUMBER_KNOWN` 409.
    """
    call = await locked(tx, call_id)
    who = acting(tx, call)
    if version is not None and version != call.version:
        raise VersionStale(version=call.version, headers={"ETag": f'"{call.version}"'})
    await _all_known(tx, call, body)
    changes = _changes(tx, call, body)
    if "outcome" in changes:
        changes["outcome_by"] = who if changes["outcome"] is not None else None
    if "patient_id" in changes or "number_hash" in changes:
        changes["repeat_caller"] = max(call.repeat_caller, await unresolved(tx, replace(call, **changes)))
    sent = sorted(body.model_fields_set)
    if changes:
        await happen(tx, call, "noted", {"fields": sent}, **changes)
        tx.audit("call.write", "call", call.id, call.organisation_id, fields=" ".join(sent))
    row = await tx.fetchrow(queries.FILE, call.id)
    assert row is not None
    return file_of(tx, row)


async def _all_known(tx: Tx, call: Call, body: CallPatch) -> None:
    if body.outcome is not None:
        await outcomes.checked(tx, call, body.outcome)
    asked = (body.site_id, body.practitioner_id, body.motive)
    if asked == (None, None, None):
        return
    known = await tx.fetchrow(queries.KNOWN, call.organisation_id, *asked)
    assert known is not None
    for name, refusal in _REFUSED.items():
        if not known[name]:
            raise refusal(pointer=f"/{name}")


def _changes(tx: Tx, call: Call, body: CallPatch) -> Changes:
    """The columns to set: those sent that differ."""
    sent, safe = body.model_fields_set, vault(tx)
    plain = body.model_dump(include=set(_PLAIN) & sent)
    changes = cast(Changes, {name: value for name, value in plain.items() if value != getattr(call, name)})
    if "note" in sent and body.note != safe.open(call.note_sealed):
        if body.note is not None and len(body.note.encode()) > LONGEST:
            raise NoteTooLong(pointer="/note")
        changes["note_sealed"] = safe.seal(body.note)
    if body.number is not None and body.number != safe.open(call.number_sealed):
        if call.number_sealed is not None:
            raise NumberKnown(pointer="/number")
        changes |= {"number_sealed": safe.seal(body.number), "number_hash": safe.hash(body.number)}
    return changes

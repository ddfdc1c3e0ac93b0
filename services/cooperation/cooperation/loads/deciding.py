"""The decision on a load: one transaction, under the load's lock, on the evidence that the signatory saw.

Nobody decides alone over what he prepared; nobody releases what is not conform; a decision is written once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cooperation.loads import evidence, queries
from cooperation.loads.acts import all_inside, load_locked
from cooperation.loads.errors import (
    DecisionFinal,
    EvidenceChanged,
    EvidenceIncomplete,
    IfMatchRequired,
    LoadNotStarted,
    NotSignatory,
    SelfRelease,
    StepUpRequired,
    VerdictNotConform,
    words_of,
)
from cooperation.loads.gathering import known_of, prepared_it, signatory_of
from cooperation.loads.releasing import carry_out
from cooperation.loads.rows import Load
from cooperation.loads.schemas import DecisionIn, LoadOut
from cooperation.loads.service import on_wire, shown
from cooperation.members.parameters import Group, group
from cooperation.runs.errors import ReasonRequired
from cooperation.trace.recording import note
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import FieldError, WrongState

WASHERS = ("sterilisation_agent", "sterilisation_releaser")
REJECTERS = ("sterilisation_releaser", "gcs_manager")


@dataclass(frozen=True, slots=True)
class Signed:
    """Who decides: his right, for a steriliser, and when he proved who he is."""

    person_id: UUID
    role: str
    signatory_id: UUID | None
    proved_at: datetime | None


async def decide(tx: Tx, load_id: UUID, wanted: DecisionIn, seen_hash: str | None) -> LoadOut:
    """Releases (accepts a wash) or rejects. `seen_hash`: the evidence that the signatory has before him. Refused:
    `IF_MATCH_REQUIRED`, `DECISION_FINAL`, `LOAD_NOT_STARTED`, `SELF_RELEASE`, `NOT_SIGNATORY`, `STEP_UP_REQUIRED`,
    `EVIDENCE_CHANGED`, `VERDICT_NOT_CONFORM`, `EVIDENCE_INCOMPLETE`, `REASON_REQUIRED`, `WRONG_STATE`,
    `NOT_ALLOWED`."""
    if seen_hash is None:
        raise IfMatchRequired
    load = await load_locked(tx, load_id)
    if load.decided_at is not None:
        raise DecisionFinal(outcome=load.state)
    if load.state == "open":
        raise LoadNotStarted
    await all_inside(tx, load)
    within = await group(tx, load.group_id)
    signed = await _signed(tx, load, wanted, within)
    known = await known_of(tx, load, within)
    if evidence.hash_of(known) != seen_hash:
        raise EvidenceChanged(etag=evidence.hash_of(known))
    if wanted.outcome == "release":
        _must_be_complete(known)
    elif load.state != "to_decide":
        raise WrongState(state=load.state, allowed=["to_decide"])
    await _write(tx, load, wanted, signed, known)
    return await shown(tx, await carry_out(tx, load, wanted.outcome, known, within))


async def note_refused(tx: Tx, load_id: UUID, outcome: str, code: str) -> None:
    """A decision that was refused is in the trace of its load, with who tried."""
    row = await tx.fetchrow(queries.LOAD, load_id)
    if row is not None:
        await note(tx, Load.of(row), "load.decision_refused", facts={"outcome": outcome, "code": code})


async def _signed(tx: Tx, load: Load, wanted: DecisionIn, within: Group) -> Signed:
    """Who may decide what: the pharmacist or his delegate all; an operator accepts a wash; the manager rejects."""
    person, role = tx.principal.person_id, tx.principal.role
    if person is None or role is None:
        raise NotSignatory
    signatory = None
    if wanted.outcome == "reject":
        if role not in REJECTERS:
            raise NotSignatory
        if not wanted.reason:
            raise ReasonRequired(pointer="/reason")
        signatory = await signatory_of(tx, load)
    elif load.kind == "washing":
        if role not in WASHERS:
            raise NotSignatory
    else:
        signatory = await _releaser(tx, load, within)
    if load.kind != "washing":
        _must_be_fresh(tx, within)
    return Signed(person, role, signatory, _proved_at(tx))


async def _releaser(tx: Tx, load: Load, within: Group) -> UUID:
    if within.parameters.separation_of_duties and await prepared_it(tx, load):
        raise SelfRelease
    signatory = await signatory_of(tx, load)
    if signatory is None:
        raise NotSignatory
    return signatory


def _must_be_fresh(tx: Tx, within: Group) -> None:
    """The gateway asks the same with a fixed limit; the group may ask for less."""
    allowed, proved = within.parameters.release_proof_s, _proved_at(tx)
    if tx.principal.acr < 2 or proved is None or (tx.now - proved).total_seconds() > allowed:
        raise StepUpRequired(max_age=allowed)


def _proved_at(tx: Tx) -> datetime | None:
    proved = tx.principal.auth_time
    return None if proved is None else datetime.fromtimestamp(proved, UTC)


def _must_be_complete(known: evidence.Known) -> None:
    """Every item is ok. A verdict that is not conform is told before all: nothing can be completed then."""
    if known.verdict == "not_conform":
        raise VerdictNotConform(failings=[*known.failings])
    lacking = [item for item in evidence.items(known) if item.state != "ok"]
    if lacking:
        errors = [FieldError(f"/evidence/{item.name}", item.state.upper(), words_of(item)) for item in lacking]
        raise EvidenceIncomplete(errors=errors)


async def _write(tx: Tx, load: Load, wanted: DecisionIn, signed: Signed, known: evidence.Known) -> None:
    items = list(evidence.items(known))
    if signed.signatory_id is not None:
        items.append(evidence.Item("signatory_in_scope", "ok"))
    kept = [on_wire(each).model_dump(mode="json") for each in items]
    await tx.execute(
        queries.ADD_DECISION, new_id(), load.organisation_id, load.id, wanted.outcome, signed.signatory_id,
        signed.person_id, signed.role, tx.now, signed.proved_at, wanted.reason or None, kept, evidence.hash_of(known),
    )  # fmt: skip

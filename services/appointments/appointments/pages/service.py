"""Use cases of the pages: the same ones as the API's, put together as the forms need them. No second way to book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from appointments.appointments import changes
from appointments.appointments import service as appointments
from appointments.appointments.schemas import ActIn, BookIn, MoveIn
from appointments.campaigns import answering as campaigns
from appointments.holds import service as holds
from appointments.holds.errors import ExtensionsSpent, HoldExpired
from appointments.holds.schemas import HoldIn, HoldOut
from appointments.links import service as links
from appointments.links.schemas import Seen
from appointments.pages.errors import LinkGone
from appointments.pages.times import Asked, Chosen
from appointments.pages.typed import Who
from appointments.patients import finding
from appointments.patients.schemas import PatientItem, Search
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.words import Language


@dataclass(frozen=True, slots=True)
class Pending:
    """The visitor's request as it stands: what is held, what was typed, who may come."""

    hold: HoldOut
    typed: Mapping[str, str]
    people: Sequence[PatientItem] = ()


async def hold(tx: Tx, wish: Asked, chosen: Chosen) -> HoldOut:
    """Keeps the chosen time. Who has no preference gets whoever is free then. Refused as `holds.hold`."""
    practitioner = chosen.practitioner if wish.practitioner else None
    return await holds.hold(
        tx,
        HoldIn(
            reason_id=wish.reason.id,
            mode=chosen.mode,  # type: ignore[arg-type]  # one of SHOWN_MODES
            site_id=chosen.site.id,
            practitioner_id=practitioner,
            start=chosen.start,
        ),
    )


async def pending(tx: Tx) -> Pending | None:
    """The visitor's latest request, whatever became of it; with his people once his contact is proved."""
    latest = await holds.latest(tx)
    if latest is None:
        return None
    typed = {name: str(value) for name, value in (await holds.words(tx, latest.id)).items()}
    people = (await finding.search(tx, Search(limit=10))).items if tx.principal.contact else ()
    return Pending(latest, typed, people)


async def arrive(tx: Tx, hold_id: UUID) -> HoldOut:
    """The contact has been proved: the request is identified and its time kept anew, so that it outlives the code."""
    typed = await holds.words(tx, hold_id)
    await holds.remember(tx, hold_id, typed, identified=True)
    return await holds.renew(tx, hold_id)


async def keep_words(tx: Tx, hold_id: UUID, typed: Mapping[str, str]) -> None:
    """What was typed survives whatever comes next. Refused: `HOLD_USED`, `HOLD_EXPIRED`."""
    await holds.remember(tx, hold_id, dict(typed), identified=tx.principal.contact is not None)


async def renew(tx: Tx, hold_id: UUID) -> HoldOut:
    """Each form sent keeps the time anew; a lapsed one is taken again. Refused as `holds.renew`.

    Between the deadline and the job that ends holds, ours is ended here first: no form is refused for that second.
    """
    try:
        return await holds.renew(tx, hold_id)
    except HoldExpired:
        await holds.lapse(tx)
        return await holds.renew(tx, hold_id)


async def longer(tx: Tx, held: HoldOut) -> HoldOut:
    """« Garder 10 minutes de plus ». When all extensions are spent the page itself says so."""
    if held.state == "lapsed" or held.expires_at <= tx.now:
        return await renew(tx, held.id)
    try:
        return await holds.extend(tx, held.id)
    except ExtensionsSpent:
        return held


async def book(tx: Tx, hold_id: UUID, who: Who, language: Language) -> UUID:
    """The appointment of a held time. Refused as `appointments.book`."""
    body = BookIn(hold_id=hold_id, patient_id=who.patient_id, identity=who.identity, requester=who.requester)
    return (await appointments.book(tx, body, language)).id


async def confirmed(tx: Tx) -> Seen | None:
    """The appointment of the visitor's latest request; None while there is none."""
    latest = await holds.latest(tx)
    if latest is None or latest.appointment_id is None:
        return None
    return await links.seen_by_id(tx, latest.appointment_id)


async def cancel(tx: Tx, appointment_id: UUID, why: str) -> None:
    """Cancels for the patient. A late one is accepted. Refused: `ALREADY_STARTED`, `WRONG_STATE`, `NOT_FOUND`."""
    granted = await _granted(tx, appointment_id)
    await changes.act(tx, appointment_id, "cancel", ActIn(reason=why or None), granted=granted)


async def move(tx: Tx, appointment_id: UUID, to: Chosen) -> None:
    """Another time, the old one kept until this succeeds. Refused: `MOVE_TOO_LATE`, `SLOT_TAKEN`, `SLOT_NOT_OPEN`, …"""
    body = MoveIn(start=to.start, site_id=to.site.id, practitioner_id=to.practitioner)
    await changes.move(tx, appointment_id, body, granted=await _granted(tx, appointment_id))


async def accept_proposal(tx: Tx, appointment_id: UUID) -> None:
    """Takes the time that the centre proposes. Refused: `PROPOSAL_EXPIRED`, `PATIENT_BUSY`, `NOT_FOUND`."""
    await campaigns.accept(tx, appointment_id, granted=await _granted(tx, appointment_id))


async def refuse_proposal(tx: Tx, appointment_id: UUID) -> None:
    """Asks to be called instead. Refused: `PROPOSAL_EXPIRED`, `NOT_FOUND`."""
    await campaigns.refuse(tx, appointment_id, granted=await _granted(tx, appointment_id))


async def _granted(tx: Tx, appointment_id: UUID) -> UUID | None:
    return appointment_id if await links.granted(tx, appointment_id) else None


async def seen(tx: Tx, token: str) -> Seen | None:
    """The appointment of a manage link; None while it asks the birth date. Refused: `NOT_FOUND`, `LINK_LOCKED`."""
    try:
        link = await links.look(tx, token)
    except NotFound:
        raise LinkGone from None
    if not link.open:
        return None
    if link.appointment_id is None:
        raise LinkGone  # it answers an offer, on another page
    return await links.seen_by_id(tx, link.appointment_id)

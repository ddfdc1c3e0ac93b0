"""HTTP of one appointment in its patient's hands, by a link or by a proved contact: look, move, cancel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from appointments.appointments.errors import AlreadyStarted, MoveTooLate
from appointments.calendar import service as calendar
from appointments.campaigns import answering as campaigns
from appointments.links import service as links
from appointments.links.schemas import Seen
from appointments.pages import birth, joining, parts, service, times
from appointments.pages.endpoints import GONE, NOT_FOR_THEM, OWN, SEND
from appointments.pages.errors import NothingHere
from appointments.pages.screen import PageRoute, Screen, ScreenDep
from appointments.pages.views import Managed, Mine
from appointments.slots.schemas import Slot
from appointments.times.errors import SlotNotOpen, SlotTaken
from maillage.clock import now
from maillage.refusals import NotFound, Refusal, WrongState
from maillage.words import Words

router = APIRouter(prefix="/rdv", tags=["pages"], route_class=PageRoute, default_response_class=HTMLResponse)

LIVE = ("pending", "booked")
# What is kept is a code, in the words of whoever reads the file; no free text on health is asked.
WHY = (
    ("better", Words("Je vais mieux", "I feel better")),
    ("not_free", Words("Je ne suis plus disponible", "I am no longer free")),
    ("elsewhere", Words("J'ai trouvé un rendez-vous ailleurs", "I found an appointment elsewhere")),
    ("other", Words("Autre raison", "Another reason")),
)


@dataclass(frozen=True, slots=True)
class Own:
    """An appointment that is open to this visitor, and the address under which he has it."""

    base: str
    seen: Seen


async def _by_link(screen: Screen, token: str) -> Own | None:
    seen = await screen.act.run(service.seen, token)
    return None if seen is None else Own(f"/rdv/g/{token}", seen)


async def _by_contact(screen: Screen, appointment_id: UUID) -> Own:
    try:
        seen = await screen.act.run(links.seen_by_id, appointment_id)
    except NotFound:
        raise NothingHere from None
    return Own(f"/rdv/mes-rendez-vous/{appointment_id}", seen)


@router.get("/g/{token}", openapi_extra=OWN)
async def link_page(screen: ScreenDep, token: str, fait: str = "") -> Response:
    """A manage link: the birth-date question first, then the appointment. Unknown: 404; five wrong answers: 410."""
    own = await _by_link(screen, token)
    return birth.question(screen, f"/rdv/g/{token}") if own is None else await _stands(screen, own, fait)


@router.post("/g/{token}", openapi_extra=SEND)
async def answer_link(screen: ScreenDep, token: str) -> Response:
    """The birth date: right, 303 to the appointment; wrong, 422 with the tries left; the fifth time 410."""
    return await birth.answered(screen, f"/rdv/g/{token}", token)


@router.get("/mes-rendez-vous", openapi_extra=OWN)
async def mine_page(screen: ScreenDep) -> Response:
    """What is to come for the people of the proved contact; without one, the way to prove it."""
    if screen.principal.contact is None:
        return screen.show("mine.html", Mine())
    seen = await screen.act.run(links.mine)
    items = [parts.shown(screen, each, f"/rdv/mes-rendez-vous/{each.id}") for each in seen]
    return screen.show("mine.html", Mine(screen.contact, items))


@router.get("/mes-rendez-vous/{appointment_id}", openapi_extra=OWN)
async def own_page(screen: ScreenDep, appointment_id: UUID, fait: str = "") -> Response:
    """One appointment of the proved contact. Anybody else's: 404."""
    return await _stands(screen, await _by_contact(screen, appointment_id), fait)


async def _stands(screen: Screen, own: Own, done: str) -> Response:
    """The appointment, unless it cannot take place as planned: then what is proposed instead."""
    if own.seen.status in LIVE:
        instead = await screen.act.read(campaigns.proposal_of, own.seen.id)
        if instead is not None and (instead.live or instead.called):
            return screen.go(f"{own.base}/proposition")
    return _show(screen, own, done)


def _show(screen: Screen, own: Own, done: str = "", refusal: Refusal | None = None) -> Response:
    view = _managed(screen, own)
    live = own.seen.status in LIVE
    view = replace(
        view,
        moved=done == "deplace" and live,
        cancelled=own.seen.status == "cancelled",
        refused=f"{screen.say(refusal.title)}. {screen.say(refusal.detail)}" if refusal else "",
    )
    return screen.show("manage.html", view, status=refusal.status if refusal else 200)


def _managed(screen: Screen, own: Own) -> Managed:
    until = own.seen.start - screen.catalogue.move_until
    live = own.seen.status in LIVE
    return Managed(
        appointment=parts.shown(screen, own.seen, own.base),
        base=own.base,
        move_until=until,
        can_move=live and now() < until,
        can_cancel=live and now() < own.seen.start,
        can_join=joining.can_join(own.seen, now()),
        joins_from=joining.joins_from(own.seen, now()),
        reasons=WHY,
    )


@router.get("/g/{token}/annuler", openapi_extra=OWN)
async def link_cancel_page(screen: ScreenDep, token: str) -> Response:
    """Asks before cancelling."""
    own = await _by_link(screen, token)
    return screen.go(f"/rdv/g/{token}") if own is None else _ask_cancel(screen, own)


@router.get("/mes-rendez-vous/{appointment_id}/annuler", openapi_extra=OWN)
async def own_cancel_page(screen: ScreenDep, appointment_id: UUID) -> Response:
    """Asks before cancelling."""
    return _ask_cancel(screen, await _by_contact(screen, appointment_id))


def _ask_cancel(screen: Screen, own: Own) -> Response:
    view = _managed(screen, own)
    return screen.show("cancel.html", view) if view.can_cancel else screen.go(own.base)


@router.post("/g/{token}/annuler", openapi_extra=SEND)
async def link_cancel(screen: ScreenDep, token: str) -> Response:
    """Cancels, late or not: 303. Begun or over: 409 with the appointment. A second time: the same answer."""
    own = await _by_link(screen, token)
    return screen.go(f"/rdv/g/{token}") if own is None else await _cancel(screen, own)


@router.post("/mes-rendez-vous/{appointment_id}/annuler", openapi_extra=SEND)
async def own_cancel(screen: ScreenDep, appointment_id: UUID) -> Response:
    """Cancels, as by the link."""
    return await _cancel(screen, await _by_contact(screen, appointment_id))


async def _cancel(screen: Screen, own: Own) -> Response:
    form = await screen.form()
    why = dict(WHY).get(form.text("raison"))
    try:
        await screen.act.run(service.cancel, own.seen.id, why.fr if why else "")
    except (AlreadyStarted, WrongState) as refusal:
        return _show(screen, own, refusal=refusal)
    return screen.go(own.base)


@router.get("/g/{token}/deplacer", openapi_extra=OWN)
async def link_move_page(
    screen: ScreenDep,
    token: str,
    lieu: str = "",
    praticien: str = "",
    moment: str = "",
    a_partir: str = "",
    suite: str = "",
) -> Response:
    """Screen 2 for a move; the old time is kept until the new one is confirmed."""
    own = await _by_link(screen, token)
    given = {"lieu": lieu, "praticien": praticien, "moment": moment, "a_partir": a_partir, "suite": suite}
    return screen.go(f"/rdv/g/{token}") if own is None else await _times(screen, own, given)


@router.get("/mes-rendez-vous/{appointment_id}/deplacer", openapi_extra=OWN)
async def own_move_page(
    screen: ScreenDep,
    appointment_id: UUID,
    lieu: str = "",
    praticien: str = "",
    moment: str = "",
    a_partir: str = "",
    suite: str = "",
) -> Response:
    """Screen 2 for a move, as by the link."""
    given = {"lieu": lieu, "praticien": praticien, "moment": moment, "a_partir": a_partir, "suite": suite}
    return await _times(screen, await _by_contact(screen, appointment_id), given)


async def _times(screen: Screen, own: Own, given: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    view = _managed(screen, own)
    wish = times.asked(screen.catalogue, {**given, "motif": own.seen.reason_code})
    if not view.can_move or wish is None:
        return _show(screen, own, refusal=MoveTooLate() if own.seen.status in LIVE else None)
    found = await screen.act.read(times.find, screen.catalogue, wish)
    others = refusal.extra.get("alternatives", []) if refusal else []
    taken = [Slot.model_validate(each) for each in others] if isinstance(others, list) else []
    gone = isinstance(refusal, SlotTaken | SlotNotOpen)
    page = times.page(
        screen,
        wish,
        found,
        now=now(),
        action=f"{own.base}/deplacer",
        moving=parts.shown(screen, own.seen),
        taken=taken if gone else None,
        refusal=None if gone else refusal,
    )
    return parts.times(screen, page, status=refusal.status if refusal else 200)


@router.post("/g/{token}/deplacer", openapi_extra=SEND)
async def link_move(screen: ScreenDep, token: str) -> Response:
    """A chosen time: asks to confirm it, then moves: 303. Taken or against a rule: 409 or 422 with the times again."""
    own = await _by_link(screen, token)
    return screen.go(f"/rdv/g/{token}") if own is None else await _move(screen, own)


@router.post("/mes-rendez-vous/{appointment_id}/deplacer", openapi_extra=SEND)
async def own_move(screen: ScreenDep, appointment_id: UUID) -> Response:
    """Moves, as by the link."""
    return await _move(screen, await _by_contact(screen, appointment_id))


async def _move(screen: Screen, own: Own) -> Response:
    form = await screen.form()
    chosen = times.chosen(screen.catalogue, form.text("creneau"))
    if chosen is None:
        return screen.go(f"{own.base}/deplacer")
    if form.text("acte") != "confirmer":
        return screen.show("move.html", replace(_managed(screen, own), target=times.of_chosen(screen, chosen)))
    try:
        await screen.act.run(service.move, own.seen.id, chosen)
    except (*GONE, *NOT_FOR_THEM) as refusal:
        return await _times(screen, own, {}, refusal)
    except (MoveTooLate, WrongState) as refusal:
        return _show(screen, own, refusal=refusal)
    return screen.go(own.base, fait="deplace")


@router.get("/g/{token}/agenda.ics", openapi_extra=OWN)
async def link_calendar(screen: ScreenDep, token: str) -> Response:
    """The appointment for a calendar."""
    own = await _by_link(screen, token)
    return screen.go(f"/rdv/g/{token}") if own is None else await _calendar(screen, own)


@router.get("/mes-rendez-vous/{appointment_id}/agenda.ics", openapi_extra=OWN)
async def own_calendar(screen: ScreenDep, appointment_id: UUID) -> Response:
    """The appointment for a calendar."""
    return await _calendar(screen, await _by_contact(screen, appointment_id))


async def _calendar(screen: Screen, own: Own) -> Response:
    url = screen.act.settings.public_url
    return parts.calendar(await screen.act.run(calendar.file, own.seen.id, screen.visit.language, url))

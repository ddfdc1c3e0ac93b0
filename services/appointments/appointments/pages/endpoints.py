"""HTTP of the booking pages: reason, time, request, confirmation. A good form is answered 303, a wrong one 422."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from appointments.appointments.errors import (
    AgeNotAllowed,
    FirstVisitRule,
    GapTooShort,
    MaxLive,
    OnlineBlocked,
    PatientBusy,
)
from appointments.calendar import service as calendar
from appointments.holds.errors import HoldExpired, HoldUsed
from appointments.pages import parts, service, times, typed
from appointments.pages.screen import PageRoute, Screen, ScreenDep
from appointments.pages.service import Pending
from appointments.pages.views import Choices
from appointments.slots.schemas import Slot
from appointments.times.errors import NoticeTooShort, SlotNotOpen, SlotTaken, TooFarAhead
from maillage.clock import now
from maillage.http import operation
from maillage.refusals import Refusal, TimeInvalid
from maillage.words import Words

router = APIRouter(prefix="/rdv", tags=["pages"], route_class=PageRoute, default_response_class=HTMLResponse)
LOOK = operation("slot.read", timeout_s=5)
OWN = operation("slot.hold", timeout_s=5)
SEND = operation("slot.hold", klass="critical", max_body=32_768)

CHOOSE_REASON = Words("Choisissez un motif.", "Choose a reason.")
GONE = (SlotTaken, SlotNotOpen, HoldExpired, TimeInvalid, NoticeTooShort, TooFarAhead)
"""The time can no longer be had: another one is chosen, nothing typed is lost."""
NOT_FOR_THEM = (AgeNotAllowed, FirstVisitRule, GapTooShort, MaxLive, OnlineBlocked, PatientBusy)
"""The rules of the reason: said on the same page."""


@router.get("", openapi_extra=LOOK)
async def reason_page(screen: ScreenDep, motif: str = "", lieu: str = "", praticien: str = "") -> Response:
    """Screen 1: reason and place. Choices of an earlier visit to the page come back in the address."""
    return _reasons(screen, motif, lieu, praticien)


def _reasons(screen: Screen, reason: str, site: str, practitioner: str, *, wrong: bool = False) -> Response:
    catalogue, language = screen.catalogue, screen.visit.language
    choices = Choices(
        reasons=catalogue.reason_choices(language, bookable=True),
        closed=catalogue.reason_choices(language, bookable=False),
        sites=catalogue.site_choices(language),
        practitioners=catalogue.practitioners,
        reason=reason,
        site=site,
        practitioner=practitioner,
    )
    first = f"motif-{choices.reasons[0].code}" if choices.reasons else None
    return screen.show("reason.html", choices, [(first, screen.say(CHOOSE_REASON))] if wrong else [])


@router.get("/creneaux", openapi_extra=LOOK)
async def times_page(
    screen: ScreenDep,
    motif: str = "",
    lieu: str = "",
    praticien: str = "",
    moment: str = "",
    a_partir: str = "",
    suite: str = "",
) -> Response:
    """Screen 2: free times, or where and when else. Unknown reason: screen 1, 422. Unknown filters are left out."""
    given = {
        "motif": motif,
        "lieu": lieu,
        "praticien": praticien,
        "moment": moment,
        "a_partir": a_partir,
        "suite": suite,
    }
    wish = times.asked(screen.catalogue, given)
    if wish is None:
        return _reasons(screen, motif, lieu, praticien, wrong=True)
    found = await screen.act.read(times.find, screen.catalogue, wish)
    return parts.times(screen, times.page(screen, wish, found, now=now()))


@router.post("/creneaux", openapi_extra=SEND)
async def choose_time(screen: ScreenDep) -> Response:
    """Keeps a time for ten minutes: 303 to the request. Taken meanwhile: 409, the nearest times first."""
    form = await screen.form()
    wish, chosen = times.asked(screen.catalogue, form), times.chosen(screen.catalogue, form.text("creneau"))
    if wish is None:
        return _reasons(screen, "", "", "", wrong=True)
    if chosen is None:
        return screen.go("/rdv/creneaux", **dict(wish.fields()))
    try:
        await screen.act.run(service.hold, wish, chosen)
    except GONE as refusal:
        return await _gone(screen, wish, refusal)
    return screen.go("/rdv/identite")


async def _gone(screen: Screen, wish: times.Asked, refusal: Refusal) -> Response:
    """Screen 2 again, because the wished time cannot be had."""
    found = await screen.act.read(times.find, screen.catalogue, wish)
    others = refusal.extra.get("alternatives", [])
    taken = [Slot.model_validate(each) for each in others] if isinstance(others, list) else []
    said = None if isinstance(refusal, SlotTaken | SlotNotOpen) else refusal
    view = times.page(screen, wish, found, now=now(), taken=None if said else taken, refusal=said)
    return parts.times(screen, view, status=409)


@router.get("/identite", openapi_extra=OWN)
async def request_page(screen: ScreenDep) -> Response:
    """Screen 3: the contact, then, once it is proved, who comes. Without a request: back to screen 1."""
    pending = await screen.act.run(service.pending)
    if pending is None or pending.hold.state == "released":
        return screen.go("/rdv")
    if pending.hold.state == "confirmed":
        return screen.go("/rdv/confirme")
    if screen.principal.contact and pending.hold.state == "held" and pending.hold.expires_at > now():
        held = await screen.act.run(service.arrive, pending.hold.id)
        pending = Pending(held, pending.typed, pending.people)
    return parts.request(screen, pending)


@router.post("/identite", openapi_extra=SEND)
async def send_request(screen: ScreenDep) -> Response:
    """`acte`: `confirmer` books (303 to screen 4), `prolonger` keeps the time longer, `rendre` leads to other times.

    What was typed is kept in every case. Wrong: 422 with the page; time gone: 409 with others; booked already: 303.
    """
    form = await screen.form()
    pending = await screen.act.run(service.pending)
    if pending is None or pending.hold.state == "released":
        return screen.go("/rdv")
    if pending.hold.state == "confirmed":
        return screen.go("/rdv/confirme")
    values = typed.words_of(form) if "prenom" in form else {**typed.words_of(form), **pending.typed}
    act = form.text("acte")
    try:
        await screen.act.run(service.keep_words, pending.hold.id, values)
        if act == "rendre":
            return screen.go("/rdv/creneaux", **dict(_same_wish(screen, pending).fields()))
        if act == "prolonger" or screen.principal.contact is None:
            await screen.act.run(service.longer, pending.hold)
            return screen.go("/rdv/identite")
        return await _confirm(
            screen, Pending(await screen.act.run(service.renew, pending.hold.id), values, pending.people)
        )
    except HoldUsed:
        return screen.go("/rdv/confirme")
    except GONE as refusal:
        return await _gone(screen, _same_wish(screen, pending), refusal)


def _same_wish(screen: Screen, pending: Pending) -> times.Asked:
    """What was asked for, read back from the request."""
    reason = next(each for each in screen.catalogue.reasons if each.id == pending.hold.reason_id)
    return times.Asked(reason=reason, site=screen.catalogue.site(pending.hold.site_id))


async def _confirm(screen: Screen, pending: Pending) -> Response:
    who, wrong = typed.who(pending.typed, {str(person.id) for person in pending.people}, screen.say)
    if who is None:
        return parts.request(screen, pending, wrong)
    try:
        await screen.act.run(service.book, pending.hold.id, who, screen.visit.language)
    except NOT_FOR_THEM as refusal:
        said = f"{screen.say(refusal.title)}. {screen.say(refusal.detail)}"
        return parts.request(screen, pending, [(None, said)])
    return screen.go("/rdv/confirme")


@router.get("/confirme", openapi_extra=OWN)
async def confirmed_page(screen: ScreenDep) -> Response:
    """Screen 4, as often as it is asked for while the visit lasts. Nothing booked: back to the request."""
    seen = await screen.act.run(service.confirmed)
    return screen.go("/rdv/identite") if seen is None else parts.confirmed(screen, seen)


@router.get("/confirme/agenda.ics", openapi_extra=OWN)
async def confirmed_calendar(screen: ScreenDep) -> Response:
    """The confirmed appointment for a calendar, its reason left out."""
    seen = await screen.act.run(service.confirmed)
    if seen is None:
        return screen.go("/rdv")
    url = screen.act.settings.public_url
    return parts.calendar(await screen.act.run(calendar.file, seen.id, screen.visit.language, url))

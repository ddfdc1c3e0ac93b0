"""HTTP of an offer of the waiting list, by the link in its message: yes, no, or off the list."""

from contextlib import suppress
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from appointments.pages import birth
from appointments.pages.endpoints import OWN, SEND
from appointments.pages.errors import LinkGone
from appointments.pages.screen import PageRoute, Screen, ScreenDep
from appointments.pages.views import Offered, Shown
from appointments.waiting import linked
from appointments.waiting.errors import OfferExpired
from appointments.waiting.schemas import OfferSeen
from maillage.refusals import NotFound, Refusal, WrongState

router = APIRouter(prefix="/rdv/o", tags=["pages"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/{token}", openapi_extra=OWN)
async def offer_page(screen: ScreenDep, token: str) -> Response:
    """The link of an offer: the birth-date question first, then the time. Unknown: 404; five wrong answers: 410."""
    offer = await _seen(screen, token)
    return _ask(screen, token) if offer is None else _show(screen, token, offer)


@router.post("/{token}", openapi_extra=SEND)
async def answer_offer_link(screen: ScreenDep, token: str) -> Response:
    """The birth date: right, 303 to the offer; wrong, 422 with the tries left; the fifth time 410."""
    return await birth.answered(screen, _base(token), token, offer=True)


@router.post("/{token}/accepter", openapi_extra=SEND)
async def accept_offer(screen: ScreenDep, token: str) -> Response:
    """Yes: 303 to the confirmation, also the second time. Too late: 303, the page says so. Against a rule of the
    reason: 409 or 422 on the same page, and the time goes to the next.
    """
    if await _asked(screen, token):
        return screen.go(_base(token))
    try:
        await screen.act.run(linked.accept, token)
    except OfferExpired:
        return screen.go(_base(token))
    except Refusal as refusal:
        if refusal.status not in (409, 422):
            raise
        await screen.act.run(linked.give_up_unfit, token)
        offer = await _seen(screen, token)
        return screen.go(_base(token)) if offer is None else _show(screen, token, offer, refusal)
    return screen.go(_base(token))


@router.post("/{token}/refuser", openapi_extra=SEND)
async def decline_offer(screen: ScreenDep, token: str) -> Response:
    """No: 303; the time goes to the next."""
    if not await _asked(screen, token):
        with suppress(OfferExpired):  # the page says that it is over
            await screen.act.run(linked.decline, token)
    return screen.go(_base(token))


@router.post("/{token}/quitter", openapi_extra=SEND)
async def leave_list(screen: ScreenDep, token: str) -> Response:
    """Off the list: 303."""
    if not await _asked(screen, token):
        with suppress(WrongState):  # it has become an appointment, or its days are over: the page says so
            await screen.act.run(linked.leave, token)
    return screen.go(_base(token))


def _base(token: str) -> str:
    return f"/rdv/o/{token}"


async def _asked(screen: Screen, token: str) -> bool:
    """Whether the birth date is still to be given; the form is ours."""
    await screen.form()
    return await _seen(screen, token) is None


async def _seen(screen: Screen, token: str) -> OfferSeen | None:
    try:
        return await screen.act.run(linked.seen, token)
    except NotFound:
        raise LinkGone from None


def _ask(screen: Screen, token: str) -> Response:
    return birth.question(screen, _base(token), offer=True)


def _show(screen: Screen, token: str, offer: OfferSeen, refusal: Refusal | None = None) -> Response:
    english = screen.visit.language == "en"
    appointment = Shown(
        start=offer.start,
        practitioner=offer.practitioner,
        site=offer.site,
        address=offer.address,
        access=offer.access,
        reason=offer.reason_en if english else offer.reason_fr,
        person=offer.person,
        remote=offer.mode == "teleconsultation",
    )
    view = Offered(
        appointment=appointment,
        base=_base(token),
        state=offer.state,
        until=offer.expires_at,
        moves=offer.moves,
        waiting=offer.waits,
    )
    if refusal is None:
        return screen.show("offer.html", view)
    said = f"{screen.say(refusal.title)}. {screen.say(refusal.detail)}"
    return screen.show("offer.html", replace(view, refused=said), status=refusal.status)

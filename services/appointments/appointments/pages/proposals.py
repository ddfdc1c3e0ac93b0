"""HTTP of a proposal in its patient's hands, by a link or by a proved contact: look, accept, or be called instead."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from appointments.appointments.errors import PatientBusy
from appointments.campaigns import answering as campaigns
from appointments.campaigns.errors import ProposalExpired
from appointments.links import service as links
from appointments.links.schemas import Seen
from appointments.pages import parts, service
from appointments.pages.endpoints import OWN, SEND
from appointments.pages.errors import NothingHere
from appointments.pages.screen import PageRoute, Screen, ScreenDep
from appointments.pages.views import Proposed, Shown
from maillage.clock import now
from maillage.refusals import NotFound, Refusal

router = APIRouter(prefix="/rdv", tags=["pages"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/g/{token}/proposition", openapi_extra=OWN)
async def link_proposal_page(screen: ScreenDep, token: str) -> Response:
    """The other time that the centre proposes. Before the birth date, or when nothing is proposed: 303 to the
    appointment.
    """
    seen = await screen.act.run(service.seen, token)
    return screen.go(f"/rdv/g/{token}") if seen is None else await _show(screen, seen, f"/rdv/g/{token}")


@router.get("/mes-rendez-vous/{appointment_id}/proposition", openapi_extra=OWN)
async def own_proposal_page(screen: ScreenDep, appointment_id: UUID) -> Response:
    """The same for the proved contact. Anybody else's: 404."""
    return await _show(screen, await _by_contact(screen, appointment_id), f"/rdv/mes-rendez-vous/{appointment_id}")


@router.post("/g/{token}/proposition", openapi_extra=SEND)
async def answer_link_proposal(screen: ScreenDep, token: str) -> Response:
    """Accepted: 303 to the appointment at its new time; to be called: 303 to the page that says so. Too late: 410."""
    seen = await screen.act.run(service.seen, token)
    return screen.go(f"/rdv/g/{token}") if seen is None else await _answer(screen, seen, f"/rdv/g/{token}")


@router.post("/mes-rendez-vous/{appointment_id}/proposition", openapi_extra=SEND)
async def answer_own_proposal(screen: ScreenDep, appointment_id: UUID) -> Response:
    """The same for the proved contact."""
    return await _answer(screen, await _by_contact(screen, appointment_id), f"/rdv/mes-rendez-vous/{appointment_id}")


async def _by_contact(screen: Screen, appointment_id: UUID) -> Seen:
    try:
        return await screen.act.run(links.seen_by_id, appointment_id)
    except NotFound:
        raise NothingHere from None


async def _answer(screen: Screen, seen: Seen, base: str) -> Response:
    form = await screen.form()
    accepts = form.text("acte") == "accepter"
    try:
        await screen.act.run(service.accept_proposal if accepts else service.refuse_proposal, seen.id)
    except (ProposalExpired, PatientBusy) as refusal:
        return await _show(screen, seen, base, refusal)
    return screen.go(base, fait="deplace") if accepts else screen.go(f"{base}/proposition")


async def _show(screen: Screen, seen: Seen, base: str, refusal: Refusal | None = None) -> Response:
    proposal = await screen.act.read(campaigns.proposal_of, seen.id)
    if proposal is None or (refusal is None and not proposal.live and not proposal.called):
        return screen.go(base)
    instead = None
    if proposal.live and proposal.start is not None:
        instead = Shown(
            start=proposal.start,
            practitioner=proposal.practitioner or "",
            site=proposal.site or "",
            address=proposal.address or "",
            access=proposal.access or "",
            remote=seen.mode == "teleconsultation",
        )
    view = Proposed(
        appointment=parts.shown(screen, seen, base),
        base=base,
        called=proposal.called,
        can_move=now() < seen.start - screen.catalogue.move_until,
        instead=instead,
        until=proposal.deadline.astimezone(proposal.start.tzinfo) if proposal.deadline and proposal.start else None,
        refused=f"{screen.say(refusal.title)}. {screen.say(refusal.detail)}" if refusal else "",
    )
    return screen.show("proposal.html", view, status=refusal.status if refusal else 200)

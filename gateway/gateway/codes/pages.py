"""The code page: screen 3 of the patient's way, between his contact and his name (design: web 3.2)."""

from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.codes import contacts
from gateway.codes.queries import Row
from maillage.http import Act
from maillage.pages import FooterLink, Frame, Pages, PhoneLine, Visit
from maillage.refusals import Refusal
from maillage.words import Words

# The centre's public face. Its truth is the appointments service's; the door only repeats it on this one page.
FRAME: Final = Frame(
    brand="Centre de santé départemental de Saône-et-Loire",
    task=Words("Prendre rendez-vous", "Book an appointment"),
    home="/rdv",
    line=PhoneLine(
        "+33385347100",
        (
            Words("Du lundi au vendredi, de 8 h à 20 h", "Monday to Friday, 8 am to 8 pm"),
            Words("Le samedi, de 8 h à 12 h", "Saturday, 8 am to 12 noon"),
        ),
    ),
    signs=Words(
        "Douleur dans la poitrine, difficulté à respirer, paralysie, malaise grave",
        "Chest pain, trouble breathing, paralysis, sudden serious illness",
    ),
    footer=(
        FooterLink("/rdv/infos", Words("Horaires et adresses", "Opening hours and addresses")),
        FooterLink("/rdv/mes-rendez-vous", Words("Mes rendez-vous", "My appointments")),
        FooterLink("/rdv/accessibilite", Words("Accessibilité : non conforme", "Accessibility: not compliant")),
        FooterLink("/rdv/confidentialite", Words("Vie privée", "Privacy")),
    ),
)
HOME: Final = "/rdv"
_PAGES: Final = Pages("gateway")


def visit_of(act: Act, request: Request) -> Visit:
    """How this visitor sees pages."""
    return Visit.of(request, act.principal.csrf)


def code_page(
    visit: Visit, challenge: Row, contact: str, refusal: Refusal | None = None, tries_left: int | None = None
) -> Response:
    """The field for the code, and what to do when it does not come."""
    return _PAGES.render(
        visit,
        "code.html",
        FRAME,
        status=refusal.status if refusal else 200,
        challenge_id=str(challenge["id"]),
        channel=challenge["channel"],
        contact=contacts.masked(contact),
        voice_possible="voice" in contacts.ways(contact),
        expires_at=challenge["expires_at"],
        back=challenge["return_to"] or HOME,
        over=refusal is not None and refusal.status == 410,
        errors=[("code", refusal.detail.in_(visit.language))] if refusal else [],
        tries_left=tries_left,
    )


def contact_page(visit: Visit, refusal: Refusal, channel: str, address: str, return_to: str) -> Response:
    """The contact is asked again, with what was typed and why it did not do."""
    response = _PAGES.render(
        visit,
        "contact_again.html",
        FRAME,
        status=refusal.status,
        channel=channel if channel in ("sms", "voice", "email") else "sms",
        address=address,
        return_to=return_to,
        errors=[(f"contact-{channel}", refusal.detail.in_(visit.language))],
        sentence=refusal.detail.in_(visit.language),
    )
    response.headers.update(refusal.headers)
    return response


def problem_page(visit: Visit, refusal: Refusal, back: str = HOME) -> Response:
    """A refusal that no field can mend."""
    way = Words("Revenir au rendez-vous", "Back to the booking").in_(visit.language)
    return _PAGES.render(
        visit,
        "problem.html",
        FRAME,
        status=refusal.status,
        title=refusal.title.in_(visit.language),
        sentences=[refusal.detail.in_(visit.language)],
        ways=[(way, visit.href(back))],
    )


def code_path(challenge_id: UUID) -> str:
    """Where the code is typed."""
    return f"/auth/codes/{challenge_id}"

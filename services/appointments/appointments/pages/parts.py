"""From what the use cases answer to the pages that show it."""

from starlette.responses import Response

from appointments.links.schemas import Seen
from appointments.pages.screen import Errors, Screen, masked
from appointments.pages.service import Pending
from appointments.pages.times import REMOTE
from appointments.pages.views import EMPTY_WHO, Confirmed, NoTime, Person, Request, Shown, Ticket, Times
from maillage.clock import now
from maillage.words import Words

AT_HOME = Words("À votre domicile", "At your home")


def times(screen: Screen, view: Times | NoTime, status: int = 200) -> Response:
    """Screen 2."""
    return screen.show("times.html" if isinstance(view, Times) else "none.html", view, status=status)


def request(screen: Screen, pending: Pending, errors: Errors = ()) -> Response:
    """Screen 3: contact, or who comes once it is proved."""
    hold, catalogue, language = pending.hold, screen.catalogue, screen.visit.language
    reason = next((each.label.in_(language) for each in catalogue.reasons if each.id == hold.reason_id), "")
    site = catalogue.site(hold.site_id)
    place = REMOTE.in_(language) if hold.mode == "teleconsultation" else site.city if site else ""
    ticket = Ticket(
        reason=reason,
        start=hold.start,
        practitioner=catalogue.practitioner(hold.practitioner_id),
        site=place,
        until=hold.expires_at,
        extendable=hold.extensions_left > 0,
    )
    view = Request(
        ticket=ticket,
        now=now(),
        lapsed=hold.state == "lapsed" or hold.expires_at <= now(),
        contact=screen.contact,
        people=[Person(str(each.id), each.display_name, each.birth_date) for each in pending.people],
        values={**EMPTY_WHO, **{name: value for name, value in pending.typed.items() if name in EMPTY_WHO}},
    )
    return screen.show("who.html" if screen.principal.contact else "contact_step.html", view, errors)


def shown(screen: Screen, seen: Seen, base: str = "") -> Shown:
    """An appointment as its patient sees it."""
    english = screen.visit.language == "en"
    return Shown(
        start=seen.start,
        practitioner=seen.practitioner,
        site=AT_HOME.in_(screen.visit.language) if seen.mode == "home" else seen.site,
        address=seen.address,
        access=seen.access,
        reason=seen.reason_en if english else seen.reason_fr,
        person=seen.person,
        after=seen.after_en if english else seen.after_fr,
        remote=seen.mode == "teleconsultation",
        by_phone=seen.by_phone,
        phone_called=masked(seen.phone_called) if seen.phone_called else "",
        base=base,
    )


def confirmed(screen: Screen, seen: Seen) -> Response:
    """Screen 4."""
    view = Confirmed(
        appointment=shown(screen, seen),
        calendar="/rdv/confirme/agenda.ics",
        manage=f"/rdv/mes-rendez-vous/{seen.id}",
        message_to=screen.contact,
        pending=seen.status == "pending",
    )
    return screen.show("confirmed.html", view)


def calendar(text: str) -> Response:
    """A calendar file that the browser saves under a name without meaning."""
    headers = {"Content-Disposition": 'attachment; filename="rendez-vous.ics"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)

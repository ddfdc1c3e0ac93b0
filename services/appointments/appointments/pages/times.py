"""Screen 2: what was asked for, the free times found, and the page that shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from appointments.pages.catalogue import Catalogue, Reason, Site
from appointments.pages.screen import Screen
from appointments.pages.views import Day, NoTime, Shown, Time, Times
from appointments.slots.schemas import Slot, SlotsAsked
from appointments.slots.service import slots
from maillage import clock
from maillage.database import Tx
from maillage.refusals import CursorInvalid, Refusal
from maillage.wire import Instant
from maillage.words import Words

MOST = 60
AHEAD = timedelta(days=14)
MUCH_LATER = timedelta(days=60)
NOON = time(12)
NEAREST = 3
SHOWN_MODES = ("on_site", "teleconsultation")
DUTY_NUMBER = "116117"
"""Out of hours, until permanence tells the territory's own: the national number of duty doctors (CSP R6315-3)."""
REMOTE = Words("À distance, par vidéo", "At a distance, by video")
EVERYWHERE = Words("tous les sites", "all sites")
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


@dataclass(frozen=True, slots=True)
class Asked:
    """The choices of screen 1 and the filters of screen 2, as far as they make sense."""

    reason: Reason
    site: Site | None = None
    practitioner: str = ""
    moment: str = ""
    start: date | None = None
    cursor: str = ""

    def fields(self) -> list[tuple[str, str]]:
        """What a form carries on, so that a refused time comes back with the same choices."""
        start = self.start.isoformat() if self.start else ""
        named = (
            ("motif", self.reason.code),
            ("lieu", self.site.code if self.site else ""),
            ("praticien", self.practitioner),
            ("moment", self.moment),
            ("a_partir", start),
        )
        return [(name, value) for name, value in named if value]


@dataclass(frozen=True, slots=True)
class Found:
    """Free times, or where else and when there are some."""

    times: Sequence[Slot]
    more: str | None
    end: datetime
    elsewhere: Sequence[Slot] = ()
    later: Slot | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A time as its button sends it back."""

    start: datetime
    site: Site
    practitioner: UUID
    mode: str


def asked(catalogue: Catalogue, given: Mapping[str, str]) -> Asked | None:
    """Reads the address or a form; an unknown filter is left out, an unknown reason is None."""
    reason = catalogue.reason(given.get("motif", ""))
    if reason is None:
        return None
    moment = given.get("moment", "")
    return Asked(
        reason=reason,
        site=catalogue.site(given.get("lieu", "")),
        practitioner=given.get("praticien", "") if catalogue.practitioner(given.get("praticien", "")) else "",
        moment=moment if moment in ("matin", "apres-midi") else "",
        start=_date(given.get("a_partir", "")),
        cursor=given.get("suite", ""),
    )


def chosen(catalogue: Catalogue, value: str) -> Chosen | None:
    """Reads the value of a time's button; None for anything that no button of ours sends."""
    parts = value.split("|")
    if len(parts) != 4 or parts[3] not in SHOWN_MODES:
        return None
    site = catalogue.site(parts[1])
    try:
        return Chosen(_INSTANT.validate_python(parts[0]), site, UUID(parts[2]), parts[3]) if site else None
    except (ValidationError, ValueError):
        return None


async def find(tx: Tx, catalogue: Catalogue, wish: Asked) -> Found:
    """Use case: the free times of a fortnight; none: the first at other sites, and the first later."""
    first = _first_instant(catalogue, wish, tx.now)
    question = _question(wish, first, first + AHEAD)
    try:
        page = await slots(tx, question)
    except CursorInvalid:
        page = await slots(tx, question.model_copy(update={"cursor": None}))
    times = [slot for slot in page.items if slot.mode in SHOWN_MODES]
    if times or question.cursor:
        return Found(times, page.next_cursor, first + AHEAD)
    elsewhere: list[Slot] = []
    for site in catalogue.sites:
        other = replace(wish, site=site, practitioner="")
        elsewhere += (await slots(tx, _question(other, first, first + AHEAD, 1))).items
    later = (await slots(tx, _question(wish, first + AHEAD, first + AHEAD + MUCH_LATER, 1))).items
    elsewhere.sort(key=lambda slot: slot.start)
    return Found((), None, first + AHEAD, elsewhere[:NEAREST], later[0] if later else None)


def _question(wish: Asked, start: datetime, end: datetime, limit: int = MOST) -> SlotsAsked:
    return SlotsAsked(
        reason=str(wish.reason.id),
        site=(str(wish.site.id),) if wish.site else (),
        practitioner=(UUID(wish.practitioner),) if wish.practitioner else (),
        start=start,
        end=end,
        after=NOON if wish.moment == "apres-midi" else None,
        before=NOON if wish.moment == "matin" else None,
        first_visit=wish.reason.first_visit == "only",
        limit=limit,
        cursor=wish.cursor[:1024] or None if limit == MOST else None,
    )


def _first_instant(catalogue: Catalogue, wish: Asked, now: datetime) -> datetime:
    if wish.start is None:
        return now
    return min(max(now, datetime.combine(wish.start, time(), catalogue.zone)), now + timedelta(days=366))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def page(
    screen: Screen,
    wish: Asked,
    found: Found,
    *,
    now: datetime,
    action: str = "/rdv/creneaux",
    moving: Shown | None = None,
    taken: Sequence[Slot] | None = None,
    refusal: Refusal | None = None,
) -> Times | NoTime:
    """The page of these times. `taken`: the wished one is gone, these are the nearest to it."""
    catalogue = screen.catalogue
    today = now.astimezone(catalogue.zone).date()
    shared = _shared(screen, wish, today, action, moving)
    shown = [time_of(screen, slot) for slot in found.times]
    if not shown and taken is None:
        return _none(screen, wish, found, today, shared)
    days = [
        Day(day, list(times))
        for day, times in groupby(shown, lambda each: each.start.astimezone(catalogue.zone).date())
    ]
    return Times(
        **shared,  # type: ignore[arg-type]
        days=days,
        first=shown[0] if shown and not moving and not wish.cursor and taken is None and refusal is None else None,
        nearest=[time_of(screen, slot) for slot in (taken or ())[:NEAREST]],
        practitioner_label=catalogue.practitioner(wish.practitioner),
        suite=found.more or "",
        next_from="" if found.more else found.end.astimezone(catalogue.zone).date().isoformat(),
        many_sites=wish.site is None and len(catalogue.sites) > 1,
        taken=taken is not None,
        refused=screen.say(refusal.title) if refusal else "",
        carried=[] if moving else wish.fields(),
    )


def _shared(screen: Screen, wish: Asked, today: date, action: str, moving: Shown | None) -> dict[str, object]:
    """What both forms of screen 2 show: the choices, and the filters to change them."""
    language, catalogue = screen.visit.language, screen.catalogue
    return {
        "action": action,
        "reason": wish.reason.code,
        "reason_label": wish.reason.label.in_(language),
        "place_label": wish.site.city if wish.site else EVERYWHERE.in_(language),
        "site": wish.site.code if wish.site else "",
        "practitioner": wish.practitioner,
        "moment": wish.moment,
        "from_date": (wish.start or today).isoformat(),
        "earliest": today.isoformat(),
        "latest": (today + timedelta(days=180)).isoformat(),
        "sites": catalogue.site_choices(language),
        "practitioners": catalogue.practitioners,
        "moving": moving,
    }


def _none(screen: Screen, wish: Asked, found: Found, today: date, shared: Mapping[str, object]) -> NoTime:
    later = time_of(screen, found.later) if found.later else None
    zone = screen.catalogue.zone
    return NoTime(
        **shared,  # type: ignore[arg-type]
        first_day=max(wish.start or today, today),
        last_day=(found.end - timedelta(days=1)).astimezone(zone).date(),
        duty_number=screen.catalogue.duty_number(clock.now()) or DUTY_NUMBER,
        elsewhere=[time_of(screen, slot) for slot in found.elsewhere],
        later=later,
        later_from=later.start.astimezone(zone).date().isoformat() if later else "",
    )


def time_of(screen: Screen, slot: Slot) -> Time:
    """A free time as its button shows it."""
    catalogue = screen.catalogue
    site = catalogue.site(slot.site_id)
    who = slot.practitioners[0]
    return Time(
        value=f"{slot.start.isoformat(timespec='minutes')}|{site.code if site else ''}|{who}|{slot.mode}",
        start=slot.start,
        practitioner=catalogue.practitioner(who),
        site=REMOTE.in_(screen.visit.language) if slot.mode == "teleconsultation" else site.city if site else "",
        site_code=site.code if site else "",
    )


def of_chosen(screen: Screen, chosen: Chosen) -> Time:
    """A chosen time, to be confirmed."""
    return Time(
        value=f"{chosen.start.isoformat(timespec='minutes')}|{chosen.site.code}|{chosen.practitioner}|{chosen.mode}",
        start=chosen.start,
        practitioner=screen.catalogue.practitioner(chosen.practitioner),
        site=REMOTE.in_(screen.visit.language) if chosen.mode == "teleconsultation" else chosen.site.city,
        site_code=chosen.site.code,
    )

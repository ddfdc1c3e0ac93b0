"""What each page shows: facts already said in plain types, so that a template decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from maillage.words import Words


@dataclass(frozen=True, slots=True)
class ReasonChoice:
    """A reason of the list: `limits` says for whom (« à partir de 16 ans »)."""

    code: str
    label: str
    instruction: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site as people choose it: town first, then street, step-free or not."""

    code: str
    name: str
    town: str
    street: str = ""
    town_line: str = ""
    access: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a native select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Time:
    """A free time on a button; `value` comes back with the form."""

    value: str
    start: datetime
    practitioner: str
    site: str
    site_code: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The free times of one local day."""

    date: date
    times: Sequence[Time]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, and what is: shared by screen 1 and the filters of screen 2."""

    reasons: Sequence[ReasonChoice] = ()
    closed: Sequence[ReasonChoice] = ()
    sites: Sequence[SiteChoice] = ()
    practitioners: Sequence[Option] = ()
    reason: str = ""
    site: str = ""
    practitioner: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An appointment as its patient sees it."""

    start: datetime
    practitioner: str
    site: str
    address: str = ""
    access: str = ""
    reason: str = ""
    person: str = ""
    after: str = ""
    remote: bool = False
    by_phone: bool = False
    phone_called: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Screen 2, for a booking and for a move."""

    action: str
    reason: str
    reason_label: str
    place_label: str
    days: Sequence[Day]
    first: Time | None = None
    site: str = ""
    practitioner: str = ""
    practitioner_label: str = ""
    moment: str = ""
    from_date: str = ""
    earliest: str = ""
    latest: str = ""
    next_from: str = ""
    suite: str = ""
    nearest: Sequence[Time] = ()
    sites: Sequence[SiteChoice] = ()
    practitioners: Sequence[Option] = ()
    many_sites: bool = False
    filters_open: bool = False
    taken: bool = False
    refused: str = ""
    carried: Sequence[tuple[str, str]] = ()
    moving: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTime:
    """Screen 2 without a time: where and when there is one."""

    action: str
    reason: str
    reason_label: str
    place_label: str
    first_day: date
    last_day: date
    duty_number: str
    elsewhere: Sequence[Time] = ()
    later: Time | None = None
    later_from: str = ""
    site: str = ""
    practitioner: str = ""
    moment: str = ""
    from_date: str = ""
    earliest: str = ""
    latest: str = ""
    sites: Sequence[SiteChoice] = ()
    practitioners: Sequence[Option] = ()
    filters_open: bool = False
    moving: Shown | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is held for the visitor, and until when."""

    reason: str
    start: datetime
    practitioner: str
    site: str
    until: datetime
    extendable: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody already booked with this contact."""

    id: str
    name: str
    birth_date: date


WHO_FIELDS = ("personne", "pour", "prenom", "nom", "nom_utilise", "jour", "mois", "annee")
EMPTY_WHO: Mapping[str, str] = dict.fromkeys(WHO_FIELDS, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Screen 3: the contact, then who comes."""

    ticket: Ticket
    now: datetime
    lapsed: bool = False
    contact: str = ""
    people: Sequence[Person] = ()
    values: Mapping[str, str] = field(default_factory=lambda: dict(EMPTY_WHO))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Screen 4."""

    appointment: Shown
    calendar: str
    manage: str
    message_to: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """One appointment and what can still be done with it."""

    appointment: Shown
    base: str
    move_until: datetime
    can_move: bool = False
    can_cancel: bool = False
    can_join: bool = False
    joins_from: datetime | None = None
    moved: bool = False
    cancelled: bool = False
    refused: str = ""
    target: Time | None = None
    reasons: Sequence[tuple[str, Words]] = ()


@dataclass(frozen=True, slots=True)
class BirthQuestion:
    """The only thing that a manage link shows before the birth date; `offer`: that of an offer of the waiting list."""

    action: str
    values: Mapping[str, str]
    offer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A time that is offered to who waits, and what became of it. `waiting`: still on the list afterwards."""

    appointment: Shown
    base: str
    state: str
    until: datetime
    moves: bool = False
    waiting: bool = True
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Mine:
    """Appointments of one proved contact; without a contact, the way to prove it."""

    contact: str = ""
    items: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Opening hours and addresses."""

    sites: Sequence[SiteChoice]


NOT_COMPLIANT = Words("non conforme", "not compliant")


@dataclass(frozen=True, slots=True)
class Declaration:
    """The accessibility declaration: « non conforme » until an audit is entered."""

    state: Words = NOT_COMPLIANT
    audited_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A visit that cannot take place as planned, and what is proposed instead. `called`: somebody will call."""

    appointment: Shown
    base: str
    called: bool
    can_move: bool
    instead: Shown | None = None
    until: datetime | None = None
    refused: str = ""

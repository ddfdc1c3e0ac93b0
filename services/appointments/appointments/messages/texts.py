"""What a message says: date, time, place, phone line and link. No reason of the visit, no name of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from appointments.messages import gsm7, spoken
from appointments.messages.schemas import Channel, Kind
from maillage.pages.formats import Format
from maillage.words import Language, Words

SEGMENTS: Final = 2
"""How many texts an SMS may be paid as."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The time proposed instead of one that cannot be kept."""

    start: datetime
    mode: str
    site: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text is made of. `link` manages the appointment, answers the offer, or books another one; `pending`: not
    yet accepted; `visits`: all of a series.
    """

    kind: Kind
    language: Language
    start: datetime
    zone: str
    mode: str
    site: str
    address: str
    organisation: str
    phone: str | None
    link: str
    pending: bool = False
    proposed: Proposed | None = None
    answer_before: datetime | None = None
    visits: Sequence[datetime] = ()


_SUBJECTS: Mapping[str, Words] = {
    "confirmation": Words("Rendez-vous confirmé", "Appointment confirmed"),
    "pending": Words("Demande de rendez-vous reçue", "Appointment request received"),
    "moved": Words("Rendez-vous déplacé", "Appointment moved"),
    "cancelled": Words("Rendez-vous annulé", "Appointment cancelled"),
    "reminder": Words("Rappel de rendez-vous", "Appointment reminder"),
    "proposal": Words("Rendez-vous à déplacer", "Appointment to be moved"),
    "offer": Words("Un créneau s'est libéré", "A time has become free"),
    "series": Words("Série de rendez-vous confirmée", "Series of appointments confirmed"),
    "by_phone": Words("Votre rendez-vous aura lieu par téléphone", "Your appointment will be by telephone"),
}
_PLACES: Mapping[str, Words] = {
    "teleconsultation": Words("en téléconsultation", "by video"),
    "by_phone": Words("par téléphone", "by telephone"),
    "home": Words("à votre domicile", "at your home"),
    "care_home": Words("dans votre établissement", "at your care home"),
}
_MANAGE = Words("Déplacer ou annuler :", "Move or cancel:")
_LINKS: Mapping[str, Words] = {
    "cancelled": Words("Reprendre rendez-vous :", "Book again:"),
    "reminder": Words(
        "Si vous ne pouvez pas venir, annulez au plus vite :", "If you cannot come, please cancel as soon as you can:"
    ),
    "series": Words("Vos rendez-vous :", "Your appointments:"),
    "by_phone": Words("Votre rendez-vous :", "Your appointment:"),
}
_JOINS: Mapping[str, Words] = {
    "confirmation": Words("Se connecter, déplacer ou annuler :", "Join, move or cancel:"),
    "moved": Words("Se connecter, déplacer ou annuler :", "Join, move or cancel:"),
    "reminder": Words(
        "Se connecter, ou annuler au plus vite si vous ne pouvez pas :",
        "Join, or cancel as soon as you can if you cannot:",
    ),
}
_ANSWER = Words("Répondre avant {moment} :", "Answer before {moment}:")
_ANSWER_ANY = Words("Répondre :", "Answer:")
_IMPOSSIBLE = Words("Le rendez-vous du {moment} ne peut avoir lieu.", "The appointment on {moment} cannot take place.")
_INSTEAD = Words("Proposition : {moment}, {place}.", "Proposed instead: {moment}, {place}.")
_CALLED = Words(
    "Le praticien vous appellera : {moment}. Gardez votre téléphone près de vous.",
    "You will be called: {moment}. Please keep your telephone at hand.",
)
_COUNT = Words(
    "{count} rendez-vous, le premier {moment}, {place}.", "{count} appointments, the first {moment}, {place}."
)
_PHONE = Words("Téléphone :", "Phone:")
_ASKED = Words(
    "Le lien demande la date de naissance de la personne attendue. Il propose aussi de l'ajouter à votre agenda.",
    "The link asks for the birth date of the person expected. It can also add it to your calendar.",
)
_ASKED_FIRST = Words(
    "Le lien demande la date de naissance de la personne attendue.",
    "The link asks for the birth date of the person expected.",
)
_NO_REPLY = Words(
    "Ce message est envoyé automatiquement : merci de ne pas y répondre.",
    "This message was sent automatically: please do not reply.",
)


def subject(facts: Facts) -> str:
    """The subject of a mail: what happened, not to whom nor when."""
    return _format(facts).words(_SUBJECTS["pending" if facts.pending and facts.kind != "cancelled" else facts.kind])


def body(channel: Channel, facts: Facts) -> str:
    """The text for a channel."""
    return {"sms": _sms, "voice": _voice, "email": _email}[channel](facts)


def _format(facts: Facts) -> Format:
    return Format(facts.language, ZoneInfo(facts.zone))


def _where(facts: Facts, *, address: bool = True) -> str:
    return _place(facts, facts.mode, facts.site, facts.address if address else "")


def _place(facts: Facts, mode: str, site: str, address: str = "") -> str:
    if mode in _PLACES:
        return _PLACES[mode].in_(facts.language)
    return ", ".join(part for part in (site, address) if part)


def _facts_said(facts: Facts, *, address: bool) -> list[str]:
    """What it is about, in whole sentences."""
    say = _format(facts)
    when = say.moment(facts.start)
    if facts.kind == "proposal" and facts.proposed is not None:
        new = facts.proposed
        place = _place(facts, new.mode, new.site)
        return [
            say.words(_IMPOSSIBLE).format(moment=when),
            say.words(_INSTEAD).format(moment=say.moment(new.start), place=place),
        ]
    if facts.kind == "series":
        place = _where(facts, address=address)
        return [say.words(_COUNT).format(count=len(facts.visits), moment=when, place=place)]
    if facts.kind == "by_phone":
        return [say.words(_CALLED).format(moment=when)]
    return [f"{when}, {_where(facts, address=address)}."]


def _link_words(facts: Facts) -> str:
    say = _format(facts)
    if facts.kind in ("proposal", "offer"):
        before = facts.answer_before
        return say.words(_ANSWER).format(moment=say.moment(before)) if before else say.words(_ANSWER_ANY)
    joins = _JOINS.get(facts.kind) if facts.mode == "teleconsultation" else None
    return say.words(joins or _LINKS.get(facts.kind, _MANAGE))


def _sms(facts: Facts) -> str:
    """Two texts at most, in the alphabet of SMS, else its price is more than doubled: what does not fit is left out,
    the address first, which the page behind the link has too, then the telephone.
    """
    answered = facts.kind in ("proposal", "offer")
    long, short, bare = _text(facts, address=not answered), _text(facts), _text(replace(facts, phone=None))
    return next((text for text in (long, short) if (gsm7.segments(text) or SEGMENTS) <= SEGMENTS), bare)


def _text(facts: Facts, *, address: bool = False) -> str:
    say = _format(facts)
    said = " ".join(_facts_said(facts, address=address))
    parts = [
        said if facts.kind == "proposal" else f"{subject(facts)} : {said}",
        f"{_link_words(facts)} {facts.link}",
        f"{say.words(_PHONE)} {say.phone(facts.phone)}" if facts.phone else "",
    ]
    text = gsm7.fold("\n".join(part for part in parts if part))
    return text.replace(" : ", ": ") if facts.language == "en" else text


def _voice(facts: Facts) -> str:
    """Read aloud by a machine, without an address nobody can write down."""
    pause = ". " if facts.kind in _IN_SENTENCES else ", "
    said = f"{subject(facts)}{pause}{' '.join(_facts_said(facts, address=True))}"
    before = _format(facts).moment(facts.answer_before) if facts.answer_before else None
    return spoken.call(facts.language, facts.kind, facts.organisation, said, spoken.Back(facts.phone, before))


def _email(facts: Facts) -> str:
    say = _format(facts)
    visits = [f"- {say.moment(each)}" for each in facts.visits]
    said = _facts_said(facts, address=True)
    if not visits and facts.kind not in ("proposal", "by_phone"):
        said = [say.moment(facts.start), _where(facts)]
    asked = "" if facts.kind == "cancelled" else say.words(_ASKED_FIRST if facts.kind in _UNSURE else _ASKED)
    parts = [
        subject(facts),
        "\n".join([*said, *visits]),
        f"{_link_words(facts)}\n{facts.link}",
        asked,
        f"{facts.organisation}\n{say.words(_PHONE)} {say.phone(facts.phone)}" if facts.phone else facts.organisation,
        say.words(_NO_REPLY),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_UNSURE = frozenset({"proposal", "offer", "series"})
_IN_SENTENCES = frozenset({"proposal", "series", "by_phone"})

"""What a message says: date, time, place, phone line and link. No reason of the visit, no name of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from appointments.messages.schemas import Channel, Kind
from maillage.pages.formats import NBSP, Format
from maillage.words import Language, Words


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text is made of. `link` manages the appointment, or books another one; `pending`: not yet accepted."""

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


_SUBJECTS: Mapping[str, Words] = {
    "confirmation": Words("Rendez-vous confirmé", "Appointment confirmed"),
    "pending": Words("Demande de rendez-vous reçue", "Appointment request received"),
    "moved": Words("Rendez-vous déplacé", "Appointment moved"),
    "cancelled": Words("Rendez-vous annulé", "Appointment cancelled"),
}
_PLACES: Mapping[str, Words] = {
    "teleconsultation": Words("en téléconsultation", "by video"),
    "home": Words("à votre domicile", "at your home"),
    "care_home": Words("dans votre établissement", "at your care home"),
}
_LINKS: Mapping[bool, Words] = {
    False: Words("Déplacer ou annuler :", "Move or cancel:"),
    True: Words("Reprendre rendez-vous :", "Book again:"),
}
_PHONE = Words("Téléphone :", "Phone:")
_CALL = Words("Message de {organisation}.", "A message from {organisation}.")
_CALL_BACK = Words("Pour le déplacer ou l'annuler, appelez le {phone}.", "To move or cancel it, call {phone}.")
_ASKED = Words(
    "Le lien demande la date de naissance de la personne attendue. Il propose aussi de l'ajouter à votre agenda.",
    "The link asks for the birth date of the person expected. It can also add it to your calendar.",
)
_NO_REPLY = Words(
    "Ce message est envoyé automatiquement : merci de ne pas y répondre.",
    "This message was sent automatically: please do not reply.",
)


def subject(facts: Facts) -> str:
    """The subject of a mail: what happened, not to whom nor when."""
    return _format(facts).words(_SUBJECTS["pending" if facts.pending else facts.kind])


def body(channel: Channel, facts: Facts) -> str:
    """The text for a channel."""
    return {"sms": _sms, "voice": _voice, "email": _email}[channel](facts)


def _format(facts: Facts) -> Format:
    return Format(facts.language, ZoneInfo(facts.zone))


def _where(facts: Facts) -> str:
    if facts.mode in _PLACES:
        return _PLACES[facts.mode].in_(facts.language)
    return ", ".join(part for part in (facts.site, facts.address) if part)


def _link_words(facts: Facts) -> Words:
    return _LINKS[facts.kind == "cancelled"]


def _sms(facts: Facts) -> str:
    """One text, with plain spaces: a no-break space is not in the alphabet of SMS and would double its price."""
    say = _format(facts)
    parts = [
        f"{subject(facts)} : {say.moment(facts.start)}, {_where(facts)}.",
        f"{say.words(_link_words(facts))} {facts.link}",
        f"{say.words(_PHONE)} {say.phone(facts.phone)}" if facts.phone else "",
    ]
    text = "\n".join(part for part in parts if part).replace(NBSP, " ")
    return text.replace(" : ", ": ") if facts.language == "en" else text


def _voice(facts: Facts) -> str:
    """Read aloud, without an address nobody can write down."""
    say = _format(facts)
    parts = [
        say.words(_CALL).format(organisation=facts.organisation),
        f"{subject(facts)}, {say.moment(facts.start)}, {_where(facts)}.",
        say.words(_CALL_BACK).format(phone=say.phone(facts.phone)) if facts.phone else "",
    ]
    return " ".join(part for part in parts if part)


def _email(facts: Facts) -> str:
    say = _format(facts)
    parts = [
        f"{subject(facts)}",
        f"{say.moment(facts.start)}\n{_where(facts)}",
        f"{say.words(_link_words(facts))}\n{facts.link}",
        "" if facts.kind == "cancelled" else say.words(_ASKED),
        f"{facts.organisation}\n{say.words(_PHONE)} {say.phone(facts.phone)}" if facts.phone else facts.organisation,
        say.words(_NO_REPLY),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"

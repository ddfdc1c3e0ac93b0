"""What a call says: sentences that a machine reads aloud, hours in words, a number to write down digit by digit."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from appointments.messages.schemas import Kind
from maillage.pages.formats import Format
from maillage.words import Language, Words

_FROM = Words("Message de {organisation}.", "A message from {organisation}.")
_CALL_BACK: dict[str, Words] = {
    "change": Words("Pour le déplacer ou l'annuler, appelez le {phone}", "To move or cancel it, call {phone}"),
    "again": Words("Pour reprendre rendez-vous, appelez le {phone}", "To book again, call {phone}"),
    "answer": Words("Pour répondre, appelez le {phone}", "To answer, call {phone}"),
    "not_coming": Words(
        "Si vous ne pouvez pas venir, annulez au plus vite en appelant le {phone}",
        "If you cannot come, please cancel as soon as you can by calling {phone}",
    ),
}
_BEFORE = Words(", avant {moment}", ", before {moment}")
_ASKS: dict[Kind, str] = {"cancelled": "again", "proposal": "answer", "offer": "answer", "reminder": "not_coming"}
_NOWHERE = ZoneInfo("UTC")
_HOUR = re.compile(r"\b(\d{1,2})\sh(?:\s(\d{2}))?\b")


@dataclass(frozen=True, slots=True)
class Back:
    """Where one calls back, E.164, and before which moment, as it is written."""

    phone: str | None
    before: str | None = None


def call(language: Language, kind: Kind, organisation: str, said: str, back: Back) -> str:
    """The whole call. `said`: what it is about, with hours as they are written."""
    parts = [_FROM.in_(language).format(organisation=organisation), said]
    if back.phone:
        asks = _CALL_BACK[_ASKS.get(kind, "change")].in_(language).format(phone=digits(back.phone, language))
        before = _BEFORE.in_(language).format(moment=back.before) if back.before else ""
        parts.append(f"{asks}{before}.")
    text = " ".join(parts)
    return _hours(text) if language == "fr" else text


def digits(phone: str, language: Language) -> str:
    """A number with the pauses of whoever writes it down: « 03, 85, 34, 71, 00 »; in English digit by digit."""
    groups = Format(language, _NOWHERE).phone(phone).split("\u00a0")
    return ", ".join(groups if language == "fr" else (" ".join(group) for group in groups))


def _hours(text: str) -> str:
    """« 9 h 20 » as « 9 heures 20 »: a machine would spell the letter."""
    return _HOUR.sub(lambda found: f"{found[1]} heure{'' if found[1] in '01' else 's'} {found[2] or ''}".rstrip(), text)

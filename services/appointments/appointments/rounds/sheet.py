"""A round on paper: one line of time, name and phone, one of place, for a car without a screen."""

from appointments.rounds.schemas import RoundOut, StopOut
from maillage.words import Language, Words

_TITLE = Words("Tournée du {day}", "Round of {day}")
_NONE = Words("Aucune visite.", "No visit.")
_ACCESS = Words("Accès : {access}", "Access: {access}")


def text(found: RoundOut, language: Language) -> str:
    """The round as plain text, in order."""
    head = _TITLE.in_(language).format(day=found.day.strftime("%d/%m/%Y"))
    stops = [_stop(stop, language) for stop in found.stops]
    return "\n\n".join([f"{head}\n{found.practitioner}", *(stops or [_NONE.in_(language)])]) + "\n"


def _stop(stop: StopOut, language: Language) -> str:
    where = stop.where
    town = " ".join(part for part in (where.postal_code, where.city) if part)
    lines = [
        "  ".join(part for part in (f"{stop.start:%H:%M}-{stop.end:%H:%M}", stop.display_name, stop.phone) if part),
        ", ".join(part for part in (where.place, where.line, town) if part),
        _ACCESS.in_(language).format(access=where.access) if where.access else "",
    ]
    return "\n    ".join(line for line in lines if line)

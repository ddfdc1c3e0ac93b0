"""Refusals of lines."""

from maillage.refusals import Refusal
from maillage.words import Words


class NumberInUse(Refusal):
    """Another line of the territory has this number."""

    code, status = "NUMBER_IN_USE", 409
    title = Words("Numéro déjà utilisé", "Number already used")
    detail = Words("Une autre ligne porte déjà ce numéro.", "Another line already has this number.")


class LineHasCalls(Refusal):
    """Number, telephone system, mode or activity cannot change under a live call. Extra member `calls`."""

    code, status = "LINE_HAS_CALLS", 409
    title = Words("Des appels sont en cours sur cette ligne", "Calls are in progress on this line")
    detail = Words(
        "Fermez d'abord la ligne par un jour exceptionnel et attendez la fin des appels.",
        "First close the line by an exceptional day and wait until its calls are over.",
    )


class ZoneUnknown(Refusal):
    """Not a name of the IANA time zone database."""

    code, status = "ZONE_UNKNOWN", 422
    title = Words("Fuseau horaire inconnu", "Unknown time zone")
    detail = Words(
        "Donnez un nom de la base IANA, par exemple Europe/Paris.",
        "Give a name of the IANA database, for instance Europe/Paris.",
    )

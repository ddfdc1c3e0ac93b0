"""Refusals of reports."""

from maillage.refusals import Refusal
from maillage.words import Words


class PeriodInvalid(Refusal):
    """It ends before it begins."""

    code, status = "PERIOD_INVALID", 422
    title = Words("Période invalide", "Invalid period")
    detail = Words("La fin doit suivre le début.", "The end must come after the beginning.")


class PeriodTooLong(Refusal):
    """More than 366 days, or more rows than anybody reads."""

    code, status = "PERIOD_TOO_LONG", 422
    title = Words("Période trop longue", "Period too long")
    detail = Words(
        "Demandez 366 jours au plus, et un intervalle plus large pour une longue période.",
        "Ask for 366 days at most, and for a wider interval over a long period.",
    )


class ZoneUnknown(Refusal):
    """No time zone of that name."""

    code, status = "ZONE_UNKNOWN", 422
    title = Words("Fuseau horaire inconnu", "Unknown time zone")
    detail = Words(
        "Donnez un nom de la base IANA, par exemple Europe/Paris.", "Give an IANA name, such as Europe/Paris."
    )


class HoursInvalid(Refusal):
    """The day ends before it begins."""

    code, status = "HOURS_INVALID", 422
    title = Words("Heures invalides", "Invalid hours")
    detail = Words("L'heure de fin doit suivre celle du début.", "The end hour must come after the start hour.")

"""Refusals of series."""

from maillage.refusals import Refusal
from maillage.words import Words


class SeriesConflict(Refusal):
    """Some times cannot be had, so nothing was booked. Extra member `refused`: each with its code and other times."""

    code, status = "SERIES_CONFLICT", 409
    title = Words("Des séances ne peuvent pas être réservées", "Some visits cannot be booked")
    detail = Words(
        "Rien n'a été réservé. Changez les dates signalées, ou demandez les horaires libres les plus proches.",
        "Nothing was booked. Change the dates that are listed, or ask for the nearest free times.",
    )


class RuleWithoutEnd(Refusal):
    """A recurrence that cannot be followed, without an end, or with one that is too many or too far."""

    code, status = "RRULE_UNSUPPORTED", 422
    title = Words("Récurrence non acceptée", "Recurrence not supported")
    detail = Words(
        "Écrivez une règle RFC 5545 par jour, semaine, mois ou année, avec COUNT ou UNTIL : 52 séances au plus, "
        "dans le délai de réservation du motif.",
        "Write an RFC 5545 rule by day, week, month or year, with COUNT or UNTIL: at most 52 visits, no further ahead "
        "than the reason may be booked.",
    )

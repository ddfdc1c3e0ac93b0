"""Refusals of calendars."""

from maillage.refusals import Refusal
from maillage.words import Words


class CalendarOverlap(Refusal):
    """Two ranges of one day share a time, or one date is told twice."""

    code, status = "CALENDAR_OVERLAP", 422
    title = Words("Horaires qui se chevauchent", "Overlapping hours")
    detail = Words(
        "Réunissez les plages qui se chevauchent, et ne donnez chaque date qu'une fois.",
        "Join the ranges that overlap, and give each date once.",
    )

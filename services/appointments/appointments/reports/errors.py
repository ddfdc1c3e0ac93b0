"""Refusals of reports."""

from appointments.slots.errors import RangeTooWide
from maillage.refusals import Refusal
from maillage.words import Words


class ReportTooWide(RangeTooWide):
    """More than 400 days asked at once."""

    detail = Words("Demandez 400 jours au plus à la fois.", "Ask for 400 days at most at a time.")


class PeriodInvalid(Refusal):
    """The last day is before the first."""

    code, status = "PERIOD_INVALID", 422
    title = Words("Période invalide", "Invalid period")
    detail = Words("Le dernier jour doit suivre le premier.", "The last day must not be before the first.")

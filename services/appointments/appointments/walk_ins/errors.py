"""Refusals of visits without an appointment."""

from maillage.refusals import Refusal
from maillage.words import Words


class WalkInFull(Refusal):
    """No place is left in today's windows. Extra member `next_opening`: when the next window opens, if one is known."""

    code, status = "WALK_IN_FULL", 409
    title = Words("Plus de place sans rendez-vous aujourd'hui", "No place left without an appointment today")
    detail = Words(
        "Proposez un rendez-vous, un autre site, ou la prochaine plage sans rendez-vous.",
        "Offer an appointment, another site, or the next walk-in window.",
    )


class NoWalkInToday(Refusal):
    """No window of today takes people without an appointment for this reason. Extra member `next_opening`."""

    code, status = "NO_WALK_IN_TODAY", 409
    title = Words("Pas d'accueil sans rendez-vous aujourd'hui", "Nobody is seen without an appointment today")
    detail = Words(
        "Proposez un rendez-vous, un autre site, ou la prochaine plage sans rendez-vous.",
        "Offer an appointment, another site, or the next walk-in window.",
    )

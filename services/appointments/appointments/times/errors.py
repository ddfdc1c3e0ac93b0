"""Refusals of a time: whoever wants it, hold, booking or move."""

from maillage.refusals import Refusal
from maillage.words import Words


class SlotTaken(Refusal):
    """Somebody has this time. Extra member `alternatives`: up to five free times that fit the same wish."""

    code, status = "SLOT_TAKEN", 409
    title = Words("Ce créneau vient d'être pris", "This time has just been taken")
    detail = Words(
        "Choisissez un autre horaire parmi ceux qui sont proposés.", "Choose another of the times that are offered."
    )


class SlotNotOpen(Refusal):
    """No window of this reason, mode and audience at that time. Never says whether somebody is ill, away or closed."""

    code, status = "SLOT_NOT_OPEN", 409
    title = Words("Ce créneau n'est pas ouvert", "This time is not open")
    detail = Words("Choisissez un horaire proposé pour ce motif.", "Choose a time that is offered for this reason.")


class NoticeTooShort(Refusal):
    """Sooner than the reason allows."""

    code, status = "NOTICE_TOO_SHORT", 422
    title = Words("Délai trop court", "Too soon")
    detail = Words(
        "Ce motif se réserve plus tôt à l'avance. Choisissez un horaire plus tard ou appelez le centre.",
        "This reason is booked further ahead. Choose a later time or call the centre.",
    )


class TooFarAhead(Refusal):
    """Further ahead than the reason allows."""

    code, status = "TOO_FAR_AHEAD", 422
    title = Words("Date trop lointaine", "Too far ahead")
    detail = Words("Choisissez une date plus proche pour ce motif.", "Choose a nearer date for this reason.")

"""Refusals of visiting sessions."""

from maillage.refusals import Refusal
from maillage.words import Words


class NotExternal(Refusal):
    """The practitioner belongs to the centre: his hours are rules of his agenda, and count against his contract."""

    code, status = "NOT_EXTERNAL", 409
    title = Words("Ce professionnel est du centre", "This practitioner belongs to the centre")
    detail = Words(
        "Les vacations sont pour les professionnels extérieurs. Modifiez plutôt les plages de son agenda.",
        "Sessions are for practitioners from elsewhere. Change the rules of his schedule instead.",
    )


class SessionOver(Refusal):
    """The day of the session is past, or it was cancelled. Extra member `state`."""

    code, status = "SESSION_OVER", 409
    title = Words("Cette vacation est passée ou annulée", "This session is over or cancelled")
    detail = Words("Créez une nouvelle vacation.", "Create a new session.")

"""Refusals of manage links."""

from maillage.refusals import Refusal
from maillage.words import Words


class LinkLocked(Refusal):
    """Five wrong birth dates: this link stays closed; the code by SMS and the phone still work."""

    code, status = "LINK_LOCKED", 410
    title = Words("Ce lien est bloqué", "This link is locked")
    detail = Words(
        "Cinq réponses ne correspondaient pas. Retrouvez vos rendez-vous avec un code, ou appelez le centre.",
        "Five answers did not match. Find your appointments with a code, or call the centre.",
    )

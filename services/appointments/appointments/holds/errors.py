"""Refusals of holds."""

from maillage.refusals import Refusal
from maillage.words import Words


class HoldExpired(Refusal):
    """Past its deadline or given back: its time is free for others."""

    code, status = "HOLD_EXPIRED", 410
    title = Words("Le créneau n'est plus réservé pour vous", "The time is no longer held for you")
    detail = Words("Choisissez à nouveau un horaire.", "Choose a time again.")


class HoldUsed(Refusal):
    """It has become an appointment already. Extra member `appointment_id`."""

    code, status = "HOLD_USED", 409
    title = Words("Ce créneau est déjà confirmé", "This time is already confirmed")
    detail = Words("Le rendez-vous existe : consultez-le.", "The appointment exists: look at it.")


class ExtensionsSpent(Refusal):
    """Extended as often as is allowed. Extra member `phone`."""

    code, status = "EXTENSIONS_SPENT", 409
    title = Words("Le délai ne peut plus être prolongé", "No more time can be given")
    detail = Words("Confirmez maintenant, ou appelez le centre.", "Confirm now, or call the centre.")

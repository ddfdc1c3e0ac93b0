"""Refusals about badges. None of them says whether a badge exists."""

from gateway.sessions.errors import SignInRefused
from maillage.refusals import Refusal
from maillage.words import Words


class BadgeRefused(SignInRefused):
    """Unknown badge, wrong PIN or code, or a person who is not active: one answer for all."""

    title = Words("Connexion refusée", "Sign-in refused")
    detail = Words("Le badge ou le code ne convient pas.", "The badge or the code does not match.")


class PinWeak(Refusal):
    """Not six digits, or among those that are tried first."""

    code, status = "PIN_WEAK", 422
    title = Words("Code PIN trop simple", "PIN too simple")
    detail = Words(
        "Choisissez 6 chiffres, sans suite ni répétition.", "Choose 6 digits, neither a run nor a repetition."
    )


class BadgeTaken(Refusal):
    """Another person of the organisation has this badge."""

    code, status = "BADGE_TAKEN", 409
    title = Words("Badge déjà attribué", "Badge already given")
    detail = Words(
        "Retirez d'abord ce badge à la personne qui le porte.", "Take this badge back from the person who has it first."
    )

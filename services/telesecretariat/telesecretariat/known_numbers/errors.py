"""Refusals of known numbers."""

from maillage.refusals import Refusal
from maillage.words import Words


class NumberKnown(Refusal):
    """The client has this number in its list."""

    code, status = "NUMBER_KNOWN", 409
    title = Words("Numéro déjà connu", "Number already known")
    detail = Words("Modifiez l'entrée qui porte déjà ce numéro.", "Change the entry that has this number.")

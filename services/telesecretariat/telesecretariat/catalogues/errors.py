"""Refusals of catalogues."""

from maillage.refusals import Refusal
from maillage.words import Words


class CodeTaken(Refusal):
    """The organisation has an entry of this kind and code."""

    code, status = "CODE_TAKEN", 409
    title = Words("Code déjà utilisé", "Code already used")
    detail = Words(
        "Modifiez l'entrée qui porte déjà ce code, ou choisissez un autre code.",
        "Change the entry that has this code, or choose another code.",
    )

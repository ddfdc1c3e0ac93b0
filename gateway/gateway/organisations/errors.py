"""Refusals about organisations."""

from maillage.refusals import Refusal
from maillage.words import Words


class IdentifierTaken(Refusal):
    """Another organisation of the territory has this number, or it is told twice."""

    code, status = "IDENTIFIER_TAKEN", 409
    title = Words("Numéro déjà attribué", "Number already taken")
    detail = Words(
        "Une autre organisation porte ce numéro. Vérifiez-le, ou demandez à l'exploitant.",
        "Another organisation has this number. Check it, or ask the operator.",
    )


class OwnOrganisation(Refusal):
    """Nobody closes the organisation in which he works: he could not open it again."""

    code, status = "OWN_ORGANISATION", 409
    title = Words("C'est votre propre organisation", "This is your own organisation")
    detail = Words("Demandez à un autre exploitant de le faire.", "Ask another operator to do it.")

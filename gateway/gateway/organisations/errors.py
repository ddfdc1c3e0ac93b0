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


class OperatorExists(Refusal):
    """This installation has an operator: its administrators invite the others."""

    code, status = "OPERATOR_EXISTS", 409
    title = Words("Un exploitant existe déjà", "There is an operator already")
    detail = Words("Ses administrateurs invitent les autres.", "Its administrators invite the others.")


class OwnOrganisation(Refusal):
    """Nobody closes the organisation in which he works: he could not open it again."""

    code, status = "OWN_ORGANISATION", 409
    title = Words("C'est votre propre organisation", "This is your own organisation")
    detail = Words("Demandez à un autre exploitant de le faire.", "Ask another operator to do it.")

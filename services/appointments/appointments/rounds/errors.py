"""Refusals of visits outside the centre and of rounds."""

from maillage.refusals import Refusal
from maillage.words import Words


class AddressRequired(Refusal):
    """A home visit without an address."""

    code, status = "ADDRESS_REQUIRED", 422
    title = Words("Indiquez l'adresse de la visite", "Give the address of the visit")
    detail = Words(
        "Une visite à domicile demande la rue, le code postal et la commune.",
        "A home visit asks for the street, the postal code and the town.",
    )


class PlaceRequired(Refusal):
    """A care-home visit without its place, or at a place that the centre does not know."""

    code, status = "PLACE_REQUIRED", 422
    title = Words("Indiquez l'établissement", "Give the care home")
    detail = Words(
        "Une visite en établissement demande un lieu connu du centre.",
        "A care-home visit asks for a place that the centre knows.",
    )


class RoundChanged(Refusal):
    """The order does not name exactly the visits of one window that are still to come."""

    code, status = "ROUND_CHANGED", 409
    title = Words("La tournée a changé", "The round has changed")
    detail = Words(
        "Donnez une fois chaque visite à venir d'une même plage. Rechargez la tournée.",
        "Name each coming visit of one window once. Load the round again.",
    )


class RoundTooLong(Refusal):
    """The visits do not fit one after the other. Extra member `fits`: how many do."""

    code, status = "ROUND_TOO_LONG", 409
    title = Words("La tournée ne tient pas dans la plage", "The round does not fit")
    detail = Words(
        "Il n'y a pas assez de temps libre à la suite. Choisissez un autre jour ou moins de visites.",
        "There is not enough free time in a row. Choose another day or fewer visits.",
    )

"""Refusals of reading and noting calls."""

from maillage.refusals import Refusal
from maillage.words import Words


class NotYourCall(Refusal):
    """Somebody else answers it."""

    code, status = "NOT_YOUR_CALL", 403
    title = Words("Appel d'un autre poste", "Another desk's call")
    detail = Words(
        "Seul le poste qui traite l'appel, ou un superviseur, peut agir dessus.",
        "Only the desk that handles the call, or a supervisor, may act on it.",
    )


class UnknownMotive(Refusal):
    """Not an active motive of the centre."""

    code, status = "UNKNOWN_MOTIVE", 422
    title = Words("Motif inconnu", "Unknown motive")
    detail = Words("Choisissez un motif du catalogue du centre.", "Choose a motive of the centre's catalogue.")


class UnknownPlace(Refusal):
    """A site or practitioner that is not one of the centre."""

    code, status = "UNKNOWN_PLACE", 422
    title = Words("Lieu ou praticien inconnu", "Unknown site or practitioner")
    detail = Words(
        "Choisissez un lieu et un praticien de ce centre.", "Choose a site and a practitioner of this centre."
    )


class NumberKnown(Refusal):
    """The telephone system gave the number: it is typed only when it was withheld."""

    code, status = "NUMBER_KNOWN", 409
    title = Words("Numéro déjà connu", "Number already known")
    detail = Words(
        "Le numéro de l'appelant a été transmis ; notez un autre numéro dans la note.",
        "The caller's number was transmitted; write another one into the note.",
    )


class NoteTooLong(Refusal):
    """More than 64 KiB of text."""

    code, status = "NOTE_TOO_LONG", 413
    title = Words("Note trop longue", "Note too long")
    detail = Words("Raccourcissez la note : 64 Kio au plus.", "Shorten the note: 64 KiB at most.")

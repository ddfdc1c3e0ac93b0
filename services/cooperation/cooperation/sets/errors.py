"""Refusals of sets and instruments."""

from typing import Final

from maillage.refusals import Refusal
from maillage.words import Words


class CompositionNotAdopted(Refusal):
    """No version of the composition is adopted: nobody could say what belongs in the set."""

    code, status = "COMPOSITION_NOT_ADOPTED", 409
    title = Words("Composition non adoptée", "Composition not adopted")
    detail = Words(
        "Faites adopter une version de cette composition par le pharmacien, puis créez le set.",
        "Have the pharmacist adopt a version of this composition, then make the set.",
    )


class InOtherSet(Refusal):
    """An instrument is in one set at most. Extra member: `set_id`."""

    code, status = "IN_OTHER_SET", 409
    title = Words("Déjà dans un autre set", "In another set already")
    detail = Words(
        "Retirez d'abord cet instrument de l'autre set.",
        "Take this instrument out of the other set first.",
    )


class PlaceNotFit(Refusal):
    """Not a place of the kind that this act asks for. Extra member: `kind`."""

    code, status = "PLACE_NOT_FIT", 422
    title = Words("Lieu inadapté", "Not such a place")
    detail = Words("Choisissez un lieu du type indiqué.", "Choose a place of the kind named.")


class ImportRefused(Refusal):
    """The file has faults; nothing was written. Extra member: `lines` (line, column, code, detail)."""

    code, status = "IMPORT_REFUSED", 422
    title = Words("Fichier refusé", "File refused")
    detail = Words(
        "Rien n'a été importé. Corrigez les lignes indiquées, puis renvoyez tout le fichier.",
        "Nothing was imported. Correct the lines named, then send the whole file again.",
    )


SAID: Final = {
    "ENCODING": Words("Enregistrez le fichier en UTF-8.", "Save the file as UTF-8."),
    "COLUMN_MISSING": Words("Cette colonne est obligatoire.", "This column is required."),
    "COLUMN_UNKNOWN": Words("Titre de colonne inconnu.", "Unknown column title."),
    "TOO_MANY_LINES": Words("1 000 lignes au plus par fichier.", "At most 1,000 lines in a file."),
    "MISSING": Words("Cette cellule est obligatoire.", "This cell is required."),
    "TEXT_INVALID": Words("120 caractères au plus, sur une ligne.", "At most 120 characters, on one line."),
    "MARK_INVALID": Words("Ce n'est pas un GRAI avec numéro de série.", "Not a GRAI with a serial number."),
    "TAG_TWICE": Words("Ce marquage est déjà plus haut.", "This mark stands further up."),
    "TAG_TAKEN": Words("Ce marquage est celui d'un autre objet.", "This mark is another object's."),
    "COMPOSITION_UNKNOWN": Words(
        "Aucune composition adoptée de ce propriétaire n'a ce code.",
        "No adopted composition of this owner has this code.",
    ),
    "PLACE_UNKNOWN": Words("Aucun lieu du groupement n'a ce code.", "No place of the group has this code."),
}
"""What is wrong in a line of an import, by code."""

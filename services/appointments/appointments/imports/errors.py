"""Refusals of imports, and the sentences of the faults that only a table has."""

from maillage.refusals import Refusal, refusal_of
from maillage.words import Words


class ImportRefused(Refusal):
    """At least one line is wrong, so nothing was applied. Extra member `lines`: line, column, code, detail of each."""

    code, status = "IMPORT_REFUSED", 422
    title = Words("Import refusé", "Import refused")
    detail = Words(
        "Rien n'a été enregistré. Corrigez les lignes indiquées, puis renvoyez le fichier.",
        "Nothing was stored. Correct the lines named, then send the file again.",
    )


class ImportTooLarge(Refusal):
    """Over 5 MB or 100,000 lines; 1 MB and 2,000 events of a calendar; fewer lines of kinds that are more work."""

    code, status = "IMPORT_TOO_LARGE", 413
    title = Words("Fichier trop grand", "File too large")
    detail = Words(
        "Au plus 5 Mo et 100 000 lignes (agendas : 1 Mo et 2 000 événements ; absences : 10 000 lignes ; patients : "
        "20 000 ; rendez-vous : 5 000). Partagez le fichier.",
        "At most 5 MB and 100,000 lines (calendars: 1 MB and 2,000 events; absences: 10,000 lines; patients: 20,000; "
        "appointments: 5,000). Split the file.",
    )


SENTENCES = {
    "ENCODING": Words(
        "Le texte n'est ni en UTF-8 ni en Windows-1252. Enregistrez en « CSV UTF-8 ».",
        "The text is neither UTF-8 nor Windows-1252. Save as “CSV UTF-8”.",
    ),
    "QUOTES": Words(
        "Un guillemet ouvert ici n'est pas fermé, ou une cellule est démesurée.",
        "A quotation mark opened here is not closed, or a cell is oversized.",
    ),
    "TOO_MANY_FAULTS": Words(
        "La liste s'arrête ici, à 1 000 défauts : corrigez-les, puis renvoyez le fichier.",
        "The list ends here, at 1,000 faults: correct them, then send the file again.",
    ),
    "TOO_MANY_RULES": Words(
        "Un agenda a au plus 100 plages : regroupez des jours.", "A schedule has at most 100 rules: group some days."
    ),
    "TOO_MANY_CELLS": Words(
        "Cette ligne a plus de cellules que la première ligne n'a de titres.",
        "This line has more cells than the first line has titles.",
    ),
    "COLUMN_UNKNOWN": Words("Ce titre de colonne est inconnu. Partez du modèle.", "Unknown column. Use the template."),
    "COLUMN_TWICE": Words("Cette colonne est donnée deux fois.", "This column is given twice."),
    "COLUMN_MISSING": Words("Cette colonne est obligatoire.", "This column is required."),
    "CELL_UNREADABLE": Words(
        "Cette cellule ne suit pas la forme attendue : voyez le mode d'emploi des imports.",
        "This cell does not have the form expected: see the import guide.",
    ),
    "LINE_TWICE": Words("Ce code ou numéro est déjà sur une autre ligne.", "This code or number is on another line."),
    "REFERENCE_UNKNOWN": Words(
        "Ce code ou numéro ne désigne rien dans votre organisation.",
        "This code or number names nothing in your organisation.",
    ),
    "REFERENCE_AMBIGUOUS": Words(
        "Plusieurs fiches portent ce nom : il faut en désigner une seule.", "Several records have this name: name one."
    ),
    "PATIENT_UNKNOWN": Words(
        "Aucun patient de ce nom et de cette date de naissance : importez d'abord les patients.",
        "No patient of this name and birth date: import the patients first.",
    ),
    "PATIENT_TWICE": Words(
        "Plusieurs patients ont ce nom et cette date de naissance : prenez ce rendez-vous à la main.",
        "Several patients have this name and birth date: book this appointment by hand.",
    ),
    "CALENDAR_UNREADABLE": Words(
        "Ce fichier n'est pas un agenda iCalendar complet.", "This file is no complete iCalendar file."
    ),
    "UID_MISSING": Words("Cet événement n'a pas d'identifiant (UID).", "This event has no identifier (UID)."),
    "ZONE_UNKNOWN": Words("Ce fuseau horaire est inconnu.", "This time zone is not known."),
    "TOO_MANY_EVENTS": Words(
        "Cet agenda donne plus de 2 000 absences sur un an.", "This calendar gives over 2,000 absences in a year."
    ),
}


def sentence(code: str) -> Words:
    """What a person reads for the code of a fault."""
    refusal = refusal_of(code)
    return SENTENCES.get(code) or (refusal.detail if refusal else ImportRefused.detail)

"""Refusals of corrections."""

from maillage.refusals import Refusal
from maillage.words import Words


class NotCorrectable(Refusal):
    """Records, decisions, signatures, and what other rows hang on, are not taken back."""

    code, status = "NOT_CORRECTABLE", 409
    title = Words("Cette inscription ne se corrige pas", "This entry is not corrected")
    detail = Words(
        "Un enregistrement, une décision ou une signature reste tel quel. Ouvrez une non-conformité qui dit ce qui est"
        " faux.",
        "A record, a decision or a signature stays as it is. Open an issue that says what is wrong.",
    )


class LaterEntries(Refusal):
    """Something was done to the subject since. Extra member: `entry_id`, the next entry, where there is one."""

    code, status = "LATER_ENTRIES", 409
    title = Words("Autre chose a été fait depuis", "Something was done since")
    detail = Words(
        "On ne corrige que la dernière inscription. Corrigez d'abord la suivante, ou ouvrez une non-conformité.",
        "Only the last entry is corrected. Correct the next one first, or open an issue.",
    )


class CorrectionNotYours(Refusal):
    """Its author corrects an entry for some minutes, then the group's manager. Extra member: `minutes`."""

    code, status = "CORRECTION_NOT_YOURS", 403
    title = Words("Correction réservée", "Not yours to correct")
    detail = Words(
        "Seul son auteur corrige une inscription, pendant quelques minutes. Ensuite, demandez au responsable du"
        " groupement.",
        "Only its author corrects an entry, for some minutes. After that, ask the manager of the group.",
    )

"""Refusals of merges."""

from maillage.refusals import Refusal
from maillage.words import Words


class AlreadyMerged(Refusal):
    """One of the two is merged into another already. Extra members: `patient_id`, and `into_id`, who remains."""

    code, status = "ALREADY_MERGED", 409
    title = Words("Cette fiche est déjà fusionnée", "This file is merged already")
    detail = Words("Travaillez avec la fiche qui demeure.", "Work with the file that remains.")


class InsConflict(Refusal):
    """Two files with two different INS are two persons, whatever their names."""

    code, status = "INS_CONFLICT", 409
    title = Words("Deux INS différents", "Two different INS")
    detail = Words(
        "Ces fiches portent deux INS : ce sont deux personnes. Si l'une est erronée, déclarez d'abord le doute.",
        "These files carry two INS: they are two persons. If one is wrong, declare the doubt first.",
    )


class KeepTheChecked(Refusal):
    """The file that would remain is the less well checked of the two (RNIV). Extra member `into_id`: who may remain."""

    code, status = "KEEP_THE_CHECKED", 409
    title = Words("Gardez l'identité la mieux vérifiée", "Keep the better checked identity")
    detail = Words(
        "L'autre fiche a une identité mieux vérifiée : fusionnez dans l'autre sens.",
        "The other file has the better checked identity: merge the other way round.",
    )


class SamePerson(Refusal):
    """Both ids are of one file."""

    code, status = "SAME_FILE", 422
    title = Words("Une seule fiche", "Only one file")
    detail = Words("Donnez deux fiches différentes.", "Give two different files.")


class AlreadyUndone(Refusal):
    """The merge was undone before."""

    code, status = "ALREADY_UNDONE", 409
    title = Words("Fusion déjà annulée", "Merge undone already")
    detail = Words("Les deux fiches sont déjà séparées.", "The two files are separate already.")


class LaterMerge(Refusal):
    """A later merge touches one of the two files: it is undone first. Extra member `merge_id`."""

    code, status = "LATER_MERGE", 409
    title = Words("Une fusion plus récente en dépend", "A later merge depends on it")
    detail = Words("Annulez d'abord la fusion la plus récente.", "Undo the latest merge first.")

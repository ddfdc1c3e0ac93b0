"""Refusals of contracts, and of references that set-up makes."""

from maillage.refusals import Refusal
from maillage.words import Words


class ReferenceUnknown(Refusal):
    """An id in the body names nothing that the caller reaches."""

    code, status = "REFERENCE_UNKNOWN", 422
    title = Words("Référence inconnue", "Unknown reference")
    detail = Words(
        "L'identifiant ne désigne rien que vous puissiez régler. Choisissez-le dans la liste.",
        "The identifier names nothing that you may set up. Choose it from the list.",
    )


class ContractOverlap(Refusal):
    """The centre has a contract with this provider, or the agent an assignment to this client, on part of the time."""

    code, status = "CONTRACT_OVERLAP", 409
    title = Words("Périodes qui se chevauchent", "Overlapping periods")
    detail = Words(
        "Terminez l'autre contrat ou l'autre affectation avant le début de celui-ci.",
        "End the other contract or assignment before this one begins.",
    )


class RecordingRefused(Refusal):
    """Recording is occasional, told before, and kept six months at most (CNIL)."""

    code, status = "RECORDING_REFUSED", 422
    title = Words("Enregistrement refusé", "Recording refused")
    detail = Words(
        "Annoncez d'abord l'écoute ou l'enregistrement sur chaque ligne (annonce « monitoring »), et ne gardez pas un "
        "enregistrement plus de 180 jours.",
        "First announce listening and recording on each line (announcement “monitoring”), and keep no recording "
        "longer than 180 days.",
    )

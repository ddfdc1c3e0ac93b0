"""Refusals of labels."""

from maillage.refusals import Refusal
from maillage.words import Words


class ReprintReason(Refusal):
    """This label of the pack was printed before: a second one may end up on another pack. Extra member: `printed`, how
    often."""

    code, status = "REPRINT_REASON", 422
    title = Words("Réimpression : motif obligatoire", "Reprint: a reason is required")
    detail = Words(
        "Cette étiquette a déjà été imprimée. Détruisez l'ancienne et indiquez le motif de la réimpression.",
        "This label was printed before. Destroy the old one and give the reason of the reprint.",
    )

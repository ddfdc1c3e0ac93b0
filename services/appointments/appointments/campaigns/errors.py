"""Refusals of campaigns."""

from maillage.refusals import Refusal
from maillage.words import Words


class NothingToMove(Refusal):
    """No live appointment in conflict is left for a campaign. Extra member `campaign_id`: the one that has them."""

    code, status = "NOTHING_TO_MOVE", 409
    title = Words("Aucun rendez-vous à déplacer", "No appointment to move")
    detail = Words(
        "Aucun rendez-vous à venir n'est touché, ou une campagne s'en occupe déjà.",
        "No appointment to come is hit, or a campaign takes care of them already.",
    )


class ProposalExpired(Refusal):
    """The proposed time is no longer kept for this patient. Extra member `phone`."""

    code, status = "PROPOSAL_EXPIRED", 410
    title = Words("L'horaire proposé n'est plus réservé", "The proposed time is no longer kept")
    detail = Words("Choisissez un autre horaire, ou appelez le centre.", "Choose another time, or call the centre.")

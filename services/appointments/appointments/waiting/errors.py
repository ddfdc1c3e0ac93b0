"""Refusals of the waiting list."""

from maillage.refusals import Refusal
from maillage.words import Words


class AlreadyWaiting(Refusal):
    """The same person waits for the same reason on some of these days. Extra member `entry_id` for professionals."""

    code, status = "ALREADY_WAITING", 409
    title = Words("Déjà sur la liste d'attente", "Already on the waiting list")
    detail = Words(
        "Cette personne attend déjà pour ce motif à ces dates. Retirez la première demande pour en faire une autre.",
        "This person already waits for this reason on these dates. Withdraw the first request to make another.",
    )


class OfferExpired(Refusal):
    """Answered too late, declined before, or the time went to somebody else."""

    code, status = "OFFER_EXPIRED", 410
    title = Words("Cette proposition n'est plus valable", "This offer is no longer valid")
    detail = Words(
        "Le délai pour répondre est passé, ou le créneau n'est plus disponible. Vous restez sur la liste d'attente.",
        "The time to answer is over, or the time is no longer available. You stay on the waiting list.",
    )

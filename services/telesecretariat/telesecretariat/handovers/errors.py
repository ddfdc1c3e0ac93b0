"""Refusals of hand-overs."""

from maillage.refusals import Refusal
from maillage.words import Words


class HandoverNotSigned(Refusal):
    """Nobody answers for it yet."""

    code, status = "HANDOVER_NOT_SIGNED", 409
    title = Words("Relève non signée", "Hand-over not signed")
    detail = Words(
        "La personne qui part doit d'abord la signer. Demandez-lui de la relire et de la signer.",
        "Who leaves has to sign it first. Ask that person to read it again and sign.",
    )


class HandoverOwn(Refusal):
    """Who hands over does not take over."""

    code, status = "HANDOVER_OWN", 403
    title = Words("Votre propre relève", "Your own hand-over")
    detail = Words("Une autre personne doit la lire et l'acquitter.", "Another person has to read and acknowledge it.")


class HandoverOfOther(Refusal):
    """Only who wrote it signs it."""

    code, status = "HANDOVER_OF_OTHER", 403
    title = Words("Relève d'une autre personne", "Somebody else's hand-over")
    detail = Words(
        "Seule la personne qui l'a écrite peut la signer. Écrivez la vôtre.",
        "Only who wrote it can sign it. Write your own.",
    )

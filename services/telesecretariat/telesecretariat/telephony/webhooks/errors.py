"""Refusals of what telephone systems tell."""

from maillage.refusals import Refusal
from maillage.words import Words


class SignatureInvalid(Refusal):
    """Not signed by a secret that counts, or for a telephone system that nobody registered: the same answer."""

    code, status = "SIGNATURE_INVALID", 401
    title = Words("Signature incorrecte", "Invalid signature")
    detail = Words(
        "Signez le corps brut selon Standard Webhooks, avec le secret de ce système téléphonique.",
        "Sign the raw body as Standard Webhooks says, with the secret of this telephone system.",
    )


class EventTooOld(Refusal):
    """Signed more than five minutes ago, or in the future."""

    code, status = "EVENT_TOO_OLD", 401
    title = Words("Événement trop ancien", "Event too old")
    detail = Words(
        "L'heure de l'envoi s'écarte de plus de cinq minutes de la nôtre. Mettez l'horloge à l'heure, puis renvoyez.",
        "The time of sending is more than five minutes away from ours. Set the clock, then send again.",
    )


class UnknownEvent(Refusal):
    """A kind of event that is not in the list."""

    code, status = "UNKNOWN_EVENT", 422
    title = Words("Événement inconnu", "Unknown event")
    detail = Words(
        "Envoyez newCall, queueEnter, queueLeave, answer, hangup, agentState ou botHandover.",
        "Send newCall, queueEnter, queueLeave, answer, hangup, agentState or botHandover.",
    )

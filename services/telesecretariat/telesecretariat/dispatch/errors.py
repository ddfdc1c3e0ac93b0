"""Refusals of the queue."""

from maillage.refusals import Refusal
from maillage.words import Words


class CallAlreadyClaimed(Refusal):
    """Somebody else has it. Extra members `claimed_by` (label of the desk) and `claimed_at`."""

    code, status = "CALL_ALREADY_CLAIMED", 409
    title = Words("Appel déjà pris", "Call already taken")
    detail = Words(
        "Une autre personne a pris cet appel. Prenez le suivant.", "Somebody else has taken this call. Take the next."
    )


class CallGone(Refusal):
    """The caller has hung up, or the call is over."""

    code, status = "CALL_GONE", 410
    title = Words("L'appel est terminé", "The call is over")
    detail = Words(
        "L'appelant a raccroché ou a été servi. Prenez l'appel suivant.",
        "The caller has hung up or has been served. Take the next call.",
    )


class AgentNotReady(Refusal):
    """Only who is ready takes a call. Extra member `work_state`."""

    code, status = "AGENT_NOT_READY", 409
    title = Words("Vous n'êtes pas disponible", "You are not ready")
    detail = Words(
        "Terminez l'appel en cours ou mettez-vous disponible, puis prenez l'appel.",
        "Finish the call in progress or become ready, then take the call.",
    )


class AgentNotCapable(Refusal):
    """She cannot be given this call now: not ready, not assigned to the centre, or without a required skill."""

    code, status = "AGENT_NOT_CAPABLE", 409
    title = Words("Ce poste ne peut pas prendre cet appel", "This desk cannot take this call")
    detail = Words(
        "Il faut un poste disponible, affecté à ce centre, avec les compétences de la ligne.",
        "It takes a desk that is ready, assigned to this centre, with the skills of the line.",
    )


class LineObservedOnly(Refusal):
    """The telephone system distributes the calls of this line itself."""

    code, status = "LINE_OBSERVED_ONLY", 409
    title = Words("Cette ligne est distribuée par le standard", "The telephone system distributes this line")
    detail = Words("Décrochez au téléphone : l'écran suivra.", "Answer at the telephone: the screen follows.")


class OfferClosed(Refusal):
    """The offer was accepted, declined, has expired or was taken back. Extra member `result`."""

    code, status = "OFFER_CLOSED", 410
    title = Words("Cet appel ne vous est plus proposé", "This call is no longer offered to you")
    detail = Words("Attendez la prochaine proposition.", "Wait for the next offer.")

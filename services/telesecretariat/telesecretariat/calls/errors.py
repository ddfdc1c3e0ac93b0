"""Refusals of calls."""

from maillage.refusals import Refusal
from maillage.words import Words


class CallNotTalking(Refusal):
    """The call is not in a conversation now. Extra member `state`."""

    code, status = "CALL_NOT_TALKING", 409
    title = Words("L'appel n'est pas en conversation", "The call is not in conversation")
    detail = Words(
        "L'état de l'appel a changé. Regardez la fiche de l'appel, puis choisissez une action possible.",
        "The state of the call has changed. Look at the call, then choose an act that is possible.",
    )


class AdapterCannot(Refusal):
    """The telephone system of this line does not know how."""

    code, status = "ADAPTER_CANNOT", 409
    title = Words("Le système téléphonique ne le permet pas", "The telephone system cannot do this")
    detail = Words(
        "Cette ligne ne permet pas cette action. Faites-la depuis le poste téléphonique, si c'est possible.",
        "This line does not offer this act. Do it on the telephone itself, if it can.",
    )


class NumberNotAllowed(Refusal):
    """A short, premium, shared-cost or foreign number: dialling it for a caller invites fraud; 15 has its own key."""

    code, status = "NUMBER_NOT_ALLOWED", 422
    title = Words("Ce numéro ne peut pas être composé", "This number may not be dialled")
    detail = Words(
        "Donnez un numéro français complet, ni court, ni surtaxé. Pour le 15, utilisez la touche d'urgence.",
        "Give a complete French number, neither short nor premium. For the 15, use the emergency key.",
    )


class OutcomeRequired(Refusal):
    """A call ends with what came of it."""

    code, status = "OUTCOME_REQUIRED", 422
    title = Words("Indiquez l'issue de l'appel", "Say what came of the call")
    detail = Words(
        "Choisissez une issue dans la liste de votre centre, puis terminez.",
        "Choose an outcome from your centre's list, then finish.",
    )


class UnknownOutcome(Refusal):
    """Not an outcome of the centre's list."""

    code, status = "UNKNOWN_OUTCOME", 422
    title = Words("Issue inconnue", "Unknown outcome")
    detail = Words(
        "Choisissez une issue dans la liste de votre centre.",
        "Choose an outcome from your centre's list.",
    )


class InstructionNotAcknowledged(Refusal):
    """An instruction that was shown for the first time waits to be acknowledged. Extra member `display_id`."""

    code, status = "INSTRUCTION_NOT_ACKNOWLEDGED", 409
    title = Words("Une consigne affichée n'a pas été confirmée", "An instruction shown was not acknowledged")
    detail = Words(
        "Lisez la consigne de cet appel et confirmez-la, puis terminez.",
        "Read the instruction of this call and acknowledge it, then finish.",
    )


class CallNotWrapping(Refusal):
    """The conversation is not over, or the call is finished already. Extra member `state`."""

    code, status = "CALL_NOT_WRAPPING", 409
    title = Words("L'appel n'est pas en fin de traitement", "The call is not in wrap-up")
    detail = Words(
        "Raccrochez d'abord ; un appel déjà terminé ne se termine pas deux fois.",
        "Hang up first; a call that is finished does not finish twice.",
    )


class WrapUpLimit(Refusal):
    """Extended four times already."""

    code, status = "WRAP_UP_LIMIT", 409
    title = Words("Le temps de fin d'appel ne peut plus être prolongé", "No more wrap-up time can be given")
    detail = Words(
        "Terminez cet appel ; passez en pause si vous avez besoin de plus de temps.",
        "Finish this call; take a pause if you need more time.",
    )


class MonitoringNotDeclared(Refusal):
    """Staff and callers of this client were not told that calls may be listened to."""

    code, status = "MONITORING_NOT_DECLARED", 409
    title = Words("L'écoute n'est pas déclarée pour ce centre", "Monitoring is not declared for this centre")
    detail = Words(
        "Le personnel et les appelants doivent en être informés d'abord : le responsable le déclare dans le contrat.",
        "Staff and callers must be told first: the manager declares it in the contract.",
    )


class RecordingRefused(Refusal):
    """Recording was not declared for this client: it is off by default."""

    code, status = "RECORDING_REFUSED", 422
    title = Words("L'enregistrement n'est pas permis", "Recording is not permitted")
    detail = Words(
        "Il est désactivé tant que le responsable ne l'a pas déclaré, avec sa finalité et sa durée.",
        "It is off until the manager declares it, with its purpose and duration.",
    )

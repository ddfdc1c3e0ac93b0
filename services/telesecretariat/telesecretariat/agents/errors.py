"""Refusals about agents: their desk and their state."""

from maillage.refusals import Refusal
from maillage.words import Words


class NoLine(Refusal):
    """Nobody has assigned this person to a client whose line could ring at her desk."""

    code, status = "NO_LINE", 409
    title = Words("Aucune ligne ne vous est confiée", "No line is assigned to you")
    detail = Words(
        "Demandez à votre responsable de vous affecter à un centre, puis ouvrez à nouveau le poste.",
        "Ask your supervisor to assign you to a centre, then open the desk again.",
    )


class DeskAlreadyOpen(Refusal):
    """The agent has an open desk elsewhere. Extra member `since`."""

    code, status = "DESK_ALREADY_OPEN", 409
    title = Words("Votre poste est déjà ouvert ailleurs", "Your desk is already open elsewhere")
    detail = Words(
        "Fermez l'autre fenêtre, ou reprenez le poste ici : l'autre passera en lecture seule.",
        "Close the other window, or take the desk over here: the other will only read.",
    )


class DeskTakenOver(Refusal):
    """This desk has been taken over by another of the same agent: it only reads."""

    code, status = "DESK_TAKEN_OVER", 409
    title = Words("Poste repris dans une autre fenêtre", "Desk taken over in another window")
    detail = Words(
        "Cette fenêtre est en lecture seule. Reprenez le poste ici pour agir à nouveau.",
        "This window only reads. Take the desk over here to act again.",
    )


class AgentOffline(Refusal):
    """No open desk: the session was never opened, was closed, or its sign of life stopped."""

    code, status = "AGENT_OFFLINE", 409
    title = Words("Votre poste n'est pas ouvert", "Your desk is not open")
    detail = Words("Ouvrez le poste, puis recommencez.", "Open the desk, then try again.")


class AgentBusy(Refusal):
    """A call or its wrap-up is not finished."""

    code, status = "AGENT_BUSY", 409
    title = Words("Un appel est en cours", "A call is in progress")
    detail = Words(
        "Terminez l'appel et son compte rendu, puis quittez le poste.",
        "Finish the call and its wrap-up, then leave the desk.",
    )


class DeviceUnregistered(Refusal):
    """The telephone of this desk cannot be rung."""

    code, status = "DEVICE_UNREGISTERED", 409
    title = Words("Votre téléphone n'est pas joignable", "Your telephone cannot be reached")
    detail = Words(
        "Vérifiez le casque ou le poste téléphonique, puis rouvrez votre poste.",
        "Check the headset or telephone, then open your desk again.",
    )


class UnknownReason(Refusal):
    """A pause needs a reason of the catalogue."""

    code, status = "UNKNOWN_REASON", 422
    title = Words("Motif de pause inconnu", "Unknown reason for a pause")
    detail = Words("Choisissez un motif de la liste.", "Choose a reason of the list.")


class StateForced(Refusal):
    """A supervisor has made her not ready, for a time that is not over. Extra member `until`."""

    code, status = "STATE_FORCED", 409
    title = Words("Votre responsable vous a mise en pause", "Your supervisor has put you on pause")
    detail = Words(
        "Vous pourrez vous déclarer prête à l'heure indiquée, ou plus tôt si votre responsable lève la pause.",
        "You can make yourself ready at the time shown, or earlier if your supervisor lifts the pause.",
    )


class SoftphoneOff(Refusal):
    """No telephone in a browser here: none is set up, or this desk has another telephone."""

    code, status = "SOFTPHONE_OFF", 409
    title = Words("Pas de téléphone dans le navigateur", "No telephone in the browser")
    detail = Words(
        "Ce poste sonne sur un autre téléphone. Quittez le poste, puis choisissez le navigateur s'il est proposé.",
        "This desk rings another telephone. Leave the desk, then choose the browser if it is offered.",
    )

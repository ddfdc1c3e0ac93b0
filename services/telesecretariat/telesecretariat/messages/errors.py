"""Refusals of messages."""

from maillage.refusals import Refusal
from maillage.words import Words


class UseRedFlag(Refusal):
    """Danger of life does not wait for a message to be read."""

    code, status = "USE_RED_FLAG", 422
    title = Words("Danger vital : pas de message", "Danger of life: no message")
    detail = Words(
        "Un danger vital ne passe pas par un message. Ouvrez le signal d'alerte : le 15 est appelé et l'appelant reste "
        "en ligne.",
        "Danger of life does not go by message. Open the red flag: the 15 is called and the caller stays on the line.",
    )


class NotAcknowledged(Refusal):
    """Nobody has said yet what is done about it."""

    code, status = "NOT_ACKNOWLEDGED", 409
    title = Words("Message sans réponse", "Message without an answer")
    detail = Words(
        "Personne n'a encore dit ce qui est fait. Acquittez-le avec une action, puis fermez-le.",
        "Nobody has said yet what is done. Acknowledge it with an action, then close it.",
    )


class CallbackOwed(Refusal):
    """The patient was promised a call that has not been made."""

    code, status = "CALLBACK_OWED", 409
    title = Words("Le patient attend un rappel", "The patient waits for a call")
    detail = Words(
        "Un rappel a été promis au patient. Appelez-le, ou indiquez que c'est fait, puis fermez le message.",
        "The patient was promised a call. Make it, or say that it has been made, then close the message.",
    )


class PractitionerUnknown(Refusal):
    """Not in the directory of the centre that the message is for."""

    code, status = "PRACTITIONER_UNKNOWN", 422
    title = Words("Praticien inconnu", "Unknown practitioner")
    detail = Words(
        "Choisissez un praticien de l'annuaire du centre concerné.",
        "Choose a practitioner of the directory of the centre concerned.",
    )


class AddressInvalid(Refusal):
    """A contact point whose address does not fit its channel."""

    code, status = "ADDRESS_INVALID", 422
    title = Words("Adresse incorrecte", "Invalid address")
    detail = Words(
        "Donnez un numéro complet pour un SMS ou un appel, une adresse électronique pour un courriel.",
        "Give a complete number for a text or a call, an e-mail address for a mail.",
    )

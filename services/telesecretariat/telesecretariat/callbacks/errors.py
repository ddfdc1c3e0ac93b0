"""Refusals of callbacks."""

from maillage.refusals import Refusal
from maillage.words import Words


class CallbackExists(Refusal):
    """This number already waits to be called back on this line. Extra member: `callback_id`."""

    code, status = "CALLBACK_EXISTS", 409
    title = Words("Rappel déjà prévu", "Callback already planned")
    detail = Words(
        "Ce numéro attend déjà un rappel sur cette ligne et garde sa place. Il n'y en a jamais deux.",
        "This number already waits to be called back on this line and keeps its place. There are never two.",
    )


class CallbackNotOffered(Refusal):
    """The line does not offer one now: by its rules, because the wait is short, or because it closes before."""

    code, status = "CALLBACK_NOT_OFFERED", 409
    title = Words("Rappel impossible maintenant", "No callback now")
    detail = Words(
        "La ligne ne propose pas de rappel, l'attente est courte, ou la ligne ferme avant. Ouvrez plutôt une tâche.",
        "The line offers no callback, the wait is short, or it closes before. Open a task instead.",
    )

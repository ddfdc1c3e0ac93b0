"""Refusals of tasks."""

from maillage.refusals import Refusal
from maillage.words import Words


class TaskTaken(Refusal):
    """Somebody else does it. Extra member: `taken_by`, the label of her post where known."""

    code, status = "TASK_TAKEN", 409
    title = Words("Tâche déjà prise", "Task already taken")
    detail = Words(
        "Une autre personne s'en occupe. Choisissez une autre tâche, ou demandez-lui de la terminer.",
        "Somebody else is doing it. Choose another task, or ask that person to finish it.",
    )

"""Refusals of the rule for repeat callers."""

from maillage.refusals import Refusal
from maillage.words import Words


class RepeatCallerUnresolved(Refusal):
    """This person has called again and again without an answer: the call may not end like the others."""

    code, status = "REPEAT_CALLER_UNRESOLVED", 409
    title = Words("Appels répétés restés sans suite", "Repeated calls without an answer")
    detail = Words(
        "Cette personne a déjà appelé sans obtenir de suite. Avant de terminer, faites au moins une de ces choses : "
        "un rendez-vous, un message urgent au praticien, un transfert en direct, le 15, ou prévenez le superviseur.",
        "This person has called before and nothing came of it. Before you finish, do at least one of these: an "
        "appointment, an urgent message to the practitioner, a live transfer, the 15, or tell the supervisor.",
    )

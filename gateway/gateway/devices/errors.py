"""Refusals about devices."""

from maillage.refusals import Refusal
from maillage.words import Words


class PostNotEnrolled(Refusal):
    """This browser is no shared post, or no longer."""

    code, status = "POST_NOT_ENROLLED", 403
    title = Words("Poste non enregistré", "Post not enrolled")
    detail = Words(
        "Ce poste n'est pas un poste partagé de l'organisation. Demandez un code d'enregistrement à l'administrateur.",
        "This is not a shared post of the organisation. Ask the administrator for an enrolment code.",
    )


class EnrolmentGone(Refusal):
    """A code that was used, is older than 15 minutes, or was never given."""

    code, status = "ENROLMENT_GONE", 410
    title = Words("Code d'enregistrement expiré", "Enrolment code expired")
    detail = Words("Demandez un nouveau code à l'administrateur.", "Ask the administrator for a new code.")

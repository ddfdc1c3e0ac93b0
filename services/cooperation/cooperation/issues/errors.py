"""Refusals of issues."""

from maillage.refusals import Refusal
from maillage.words import Words


class IssueClosed(Refusal):
    """The issue is closed; what is seen again is a new one."""

    code, status = "ISSUE_CLOSED", 409
    title = Words("Fiche close", "Issue closed")
    detail = Words(
        "Cette fiche est close. Ouvrez-en une nouvelle pour un nouveau constat.",
        "This issue is closed. Open a new one for what is seen anew.",
    )


class IssueNotAnalysed(Refusal):
    """Closing asks for a cause and an action; `errors` says which is missing."""

    code, status = "ISSUE_NOT_ANALYSED", 409
    title = Words("Cause ou action manquante", "Cause or action missing")
    detail = Words(
        "Écrivez la cause et l'action avant de clore la fiche.",
        "Write the cause and the action before closing the issue.",
    )


class SubjectRequired(Refusal):
    """An issue is about one thing: its code, or its kind and id, not both."""

    code, status = "SUBJECT_REQUIRED", 422
    title = Words("Objet à préciser", "Say what it is about")
    detail = Words(
        "Scannez l'objet, ou donnez son type et son identifiant.", "Scan the thing, or give its kind and identifier."
    )

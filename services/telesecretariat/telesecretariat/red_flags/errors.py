"""Refusals of red flags."""

from maillage.refusals import Refusal
from maillage.words import Words


class RedFlagOpen(Refusal):
    """The call cannot be left while a red flag is open. Extra member: `red_flag_id`."""

    code, status = "RED_FLAG_OPEN", 409
    title = Words("Urgence vitale en cours", "Emergency in progress")
    detail = Words(
        "Restez en ligne : passez l'appel au 15, puis indiquez l'issue de l'urgence.",
        "Stay on the line: hand the call over to 15, then say how the emergency ended.",
    )


class OutcomeMissing(Refusal):
    """There is no "false alarm": a red flag ends with one of its outcomes."""

    code, status = "OUTCOME_REQUIRED", 422
    title = Words("L'issue manque", "The outcome is missing")
    detail = Words(
        "Choisissez l'issue de l'urgence avant de la clore.", "Choose how the emergency ended before closing it."
    )


class ExactWordsRequired(Refusal):
    """Who refuses help is quoted."""

    code, status = "EXACT_WORDS_REQUIRED", 422
    title = Words("Les mots exacts manquent", "The exact words are missing")
    detail = Words(
        "L'appelant refuse le 15 : notez ses mots exacts.", "The caller refuses 15: write down the exact words."
    )


class UnknownRedFlag(Refusal):
    """Not a code of the list that was valid when the red flag was opened."""

    code, status = "UNKNOWN_RED_FLAG", 422
    title = Words("Signe d'alerte inconnu", "Unknown red flag")
    detail = Words("Choisissez un signe de la liste en vigueur.", "Choose a sign from the list in force.")

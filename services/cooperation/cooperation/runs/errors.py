"""Refusals of runs: the wrong stage, and what forbids to touch a pack."""

from maillage.refusals import Refusal
from maillage.words import Words


class WrongStage(Refusal):
    """The run is at another stage. Extra members: `stage` and `allowed` (stages from which the act is possible)."""

    code, status = "WRONG_STAGE", 409
    title = Words("Étape incorrecte", "Wrong stage")
    detail = Words(
        "Ce set n'est pas à l'étape attendue. Regardez l'étape actuelle et reprenez le circuit là où il en est.",
        "This set is not at the expected stage. Look at its present stage and take it up from there.",
    )


class OnHold(Refusal):
    """A hold (prion, quality, owner) forbids any act but the way to quarantine. Extra member: `hold_id`."""

    code, status = "ON_HOLD", 409
    title = Words("Mis sous séquestre", "On hold")
    detail = Words(
        "Ne pas utiliser ni retraiter. Portez-le en quarantaine et prévenez la stérilisation.",
        "Do not use or reprocess. Take it to quarantine and tell the sterilisation unit.",
    )


class Recalled(Refusal):
    """A recall names this pack. Extra member: `recall_id`."""

    code, status = "RECALLED", 409
    title = Words("Rappelé", "Recalled")
    detail = Words(
        "Ne pas utiliser. Portez-le en quarantaine, scannez-le là, et prévenez la stérilisation.",
        "Do not use. Take it to quarantine, scan it there, and tell the sterilisation unit.",
    )


class Expired(Refusal):
    """The last day of use is past, by the local calendar. Extra member: `expires_on`."""

    code, status = "EXPIRED", 409
    title = Words("Périmé", "Expired")
    detail = Words("Ne pas utiliser. Renvoyez-le à la stérilisation.", "Do not use. Send it back to sterilisation.")


class RunAlive(Refusal):
    """The set has a run that has not ended. Extra members: `run_id`, `stage`."""

    code, status = "RUN_ALIVE", 409
    title = Words("Le circuit en cours n'est pas terminé", "The present run has not ended")
    detail = Words(
        "Ce set est déjà dans le circuit. Terminez ce tour (utilisation ou abandon) avant d'en ouvrir un autre.",
        "This set is in process already. End this run (use or abort) before opening another.",
    )

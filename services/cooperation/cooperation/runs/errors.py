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


class NotReleased(Refusal):
    """The pack is not released: not sterilised yet, or its load is not decided. Extra member: `stage`."""

    code, status = "NOT_RELEASED", 409
    title = Words("Non libéré", "Not released")
    detail = Words(
        "Ce conditionnement n'est pas libéré. Laissez-le en stérilisation et attendez la libération de sa charge.",
        "This pack is not released. Leave it at the sterilisation unit and wait for the release of its load.",
    )


class ReasonRequired(Refusal):
    """An act that must say why, without its reason."""

    code, status = "REASON_REQUIRED", 422
    title = Words("Motif obligatoire", "A reason is required")
    detail = Words("Indiquez le motif, puis recommencez.", "Give the reason, then try again.")


class LineOpen(Refusal):
    """Lines of the composition are not settled: counted and missing do not make the quantity. Extra member: `lines`
    (`line_id`, `quantity`, `counted`, `missing`)."""

    code, status = "LINE_OPEN", 409
    title = Words("Une ligne n'est pas soldée", "A line is not settled")
    detail = Words(
        "Comptez chaque ligne : compté et manquant doivent faire la quantité de la recette.",
        "Count every line: counted and missing must make the quantity of the composition.",
    )


class CriticalMissing(Refusal):
    """A critical instrument is missing. Extra member: `lines` (`line_id`, `model_id`, `missing`, `substitutes`:
    instruments in service of the same model, in no set)."""

    code, status = "CRITICAL_MISSING", 409
    title = Words("Instrument critique manquant", "Critical instrument missing")
    detail = Words(
        "Ce set ne part pas sans cet instrument. Prenez un remplaçant proposé, scannez-le, puis recomptez.",
        "This set does not leave without this instrument. Take a substitute proposed, scan it, then count again.",
    )


class SingleUse(Refusal):
    """A single-use instrument was counted: it is never reprocessed (CSP R6111-21). Extra member: `line_ids`."""

    code, status = "SINGLE_USE", 409
    title = Words("Usage unique", "Single use")
    detail = Words(
        "Un instrument à usage unique ne se restérilise jamais. Retirez-le et éliminez-le.",
        "A single-use instrument is never reprocessed. Take it out and discard it.",
    )


class ForeignInstrument(Refusal):
    """An instrument that does not belong on this line. Extra member: `why` (`unknown`, `other_model`, `other_set`,
    `not_in_service`, `twice`)."""

    code, status = "FOREIGN_INSTRUMENT", 409
    title = Words("Instrument étranger à ce set", "Instrument foreign to this set")
    detail = Words(
        "Cet instrument n'appartient pas à cette ligne du set. Mettez-le de côté et vérifiez son code.",
        "This instrument does not belong on this line of the set. Put it aside and check its code.",
    )


class PackagingNotAllowed(Refusal):
    """The composition does not list this packaging, or lists several and none was named. Extra member: `allowed`."""

    code, status = "PACKAGING_NOT_ALLOWED", 409
    title = Words("Conditionnement non prévu", "Packaging not listed")
    detail = Words(
        "Choisissez un conditionnement prévu par la recette de ce set.",
        "Choose a packaging that this set's composition lists.",
    )


class SealerNotTested(Refusal):
    """A sealed packaging without a sealer whose test of the local day is conform (ISO 11607-2)."""

    code, status = "SEALER_NOT_TESTED", 409
    title = Words("Soudeuse non testée aujourd'hui", "Sealer not tested today")
    detail = Words(
        "Faites et enregistrez le test de soudure du jour avant de souder.",
        "Make and record the seal test of the day before sealing.",
    )

"""Refusals of shared orders."""

from maillage.refusals import Refusal
from maillage.words import Words


class AfterCutOff(Refusal):
    """Too late for that day at that site. Extra member: `taken_until`."""

    code, status = "AFTER_CUT_OFF", 409
    title = Words("Heure limite dépassée", "After the cut-off")
    detail = Words(
        "L'heure limite de ce site pour ce jour est passée. Choisissez un autre jour, ou appelez le service.",
        "The cut-off of this site for that day is past. Choose another day, or call the service.",
    )


class LotMissing(Refusal):
    """Goods of this flow carry a lot."""

    code, status = "LOT_MISSING", 422
    title = Words("Lot manquant", "Lot missing")
    detail = Words("Scannez ou saisissez le lot de chaque ligne.", "Scan or type the lot of each line.")


class LinesMissing(Refusal):
    """Each line of the order is settled at once. Extra member: `line_ids`."""

    code, status = "LINES_MISSING", 409
    title = Words("Lignes manquantes", "Lines missing")
    detail = Words(
        "Dites de chaque ligne combien, même zéro. Les lignes d'une autre commande se traitent à part.",
        "Say of each line how many, also zero. Lines of another order are settled apart.",
    )


class TemperatureMissing(Refusal):
    """Goods of this flow have a range of temperature: it is read at reception."""

    code, status = "TEMPERATURE_MISSING", 422
    title = Words("Température manquante", "Temperature missing")
    detail = Words(
        "Relevez la température de chaque ligne reçue.", "Read the temperature of each line that is received."
    )


class SamePersonChecks(Refusal):
    """Who prepared does not check."""

    code, status = "SAME_PERSON", 409
    title = Words("Même personne", "Same person")
    detail = Words(
        "La personne qui a préparé ne contrôle pas. Une autre personne contrôle avec son propre badge.",
        "Who prepared does not check. Another person checks under their own badge.",
    )


class LineBlocked(Refusal):
    """A line came out of its range of temperature and waits for the pharmacist. Extra member: `line_ids`."""

    code, status = "LINE_BLOCKED", 409
    title = Words("Ligne bloquée", "Line blocked")
    detail = Words(
        "Une ligne est bloquée pour sa température. Isolez-la et attendez la décision du pharmacien.",
        "A line is blocked for its temperature. Set it apart and wait for the pharmacist's decision.",
    )

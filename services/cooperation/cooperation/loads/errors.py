"""Refusals of loads and of their decision."""

from cooperation.loads.evidence import Item
from maillage.refusals import Refusal
from maillage.words import Words


class ProgrammeNotAllowed(Refusal):
    """Not the programme of this composition, or not allowed for one of its models, or not one of this machine. Extra
    members: `programme`, and `wanted` for a composition."""

    code, status = "PROGRAMME_NOT_ALLOWED", 409
    title = Words("Programme non autorisé", "Programme not allowed")
    detail = Words(
        "Ce programme ne convient pas à ce contenu. Mettez-le dans une charge du programme prévu.",
        "This programme does not suit this content. Put it into a load of the programme that it needs.",
    )


class ProgrammeNotValid(Refusal):
    """The version of the programme is not in force at this instant."""

    code, status = "PROGRAMME_NOT_VALID", 409
    title = Words("Programme hors validité", "Programme not in force")
    detail = Words(
        "Cette version du programme n'est pas en vigueur. Choisissez la version actuelle.",
        "This version of the programme is not in force. Choose the present one.",
    )


class LoadOpen(Refusal):
    """The machine has an open load. Extra member: `load_id`."""

    code, status = "LOAD_OPEN", 409
    title = Words("Une charge est déjà ouverte", "A load is open already")
    detail = Words(
        "Complétez la charge ouverte de cette machine, ou démarrez-la, avant d'en ouvrir une autre.",
        "Fill or start the open load of this machine before opening another.",
    )


class NoOpenLoad(Refusal):
    """The machine has no open load."""

    code, status = "NO_OPEN_LOAD", 409
    title = Words("Aucune charge ouverte", "No open load")
    detail = Words(
        "Ouvrez d'abord une charge sur cette machine, avec son programme.",
        "First open a load on this machine, with its programme.",
    )


class AlreadyLoaded(Refusal):
    """The run is in a load that is not decided. Extra member: `load_id`."""

    code, status = "ALREADY_LOADED", 409
    title = Words("Déjà dans une charge", "Already in a load")
    detail = Words(
        "Ce paquet est déjà dans une charge. Sortez-le de celle-ci d'abord, si elle n'a pas démarré.",
        "This pack is in a load already. Take it out of that one first, if it has not started.",
    )


class NotInLoad(Refusal):
    """The run is in no such load."""

    code, status = "NOT_IN_LOAD", 409
    title = Words("Pas dans cette charge", "Not in this load")
    detail = Words(
        "Ce paquet n'est dans aucune charge de ce poste. Vérifiez le paquet et la machine.",
        "This pack is in no load of this post. Check the pack and the machine.",
    )


class OverCapacity(Refusal):
    """The machine is full. Extra member: `capacity`."""

    code, status = "OVER_CAPACITY", 409
    title = Words("Machine pleine", "Machine full")
    detail = Words("Gardez ce paquet pour la charge suivante.", "Keep this pack for the next load.")


class LoadStarted(Refusal):
    """What is in a started load does not change. Extra member: `load_id`."""

    code, status = "LOAD_STARTED", 409
    title = Words("Charge démarrée", "Load started")
    detail = Words(
        "Le contenu d'une charge démarrée ne change plus. Gardez ce paquet pour la charge suivante.",
        "The content of a started load does not change. Keep this pack for the next load.",
    )


class LoadNotStarted(Refusal):
    """The load has not started: nothing can be read or decided about it."""

    code, status = "LOAD_NOT_STARTED", 409
    title = Words("Charge non démarrée", "Load not started")
    detail = Words("Démarrez d'abord la charge.", "First start the load.")


class LoadEmpty(Refusal):
    """A load is started with one pack at least."""

    code, status = "LOAD_EMPTY", 409
    title = Words("Charge vide", "Empty load")
    detail = Words("Scannez au moins un paquet dans la charge.", "Scan one pack at least into the load.")


class MachineNotReady(Refusal):
    """Out of service, in maintenance, or running. Extra member: `reasons`."""

    code, status = "MACHINE_NOT_READY", 409
    title = Words("Machine non disponible", "Machine not ready")
    detail = Words("Prenez une autre machine, ou attendez.", "Take another machine, or wait.")


class TestMissing(Refusal):
    """A test of the local day was not made. Extra member: `tests`."""

    __test__ = False
    code, status = "TEST_MISSING", 409
    title = Words("Essai du jour manquant", "Test of the day missing")
    detail = Words(
        "Faites les essais du jour de cette machine avant son premier cycle.",
        "Make the tests of the day of this machine before its first cycle.",
    )


class TestFailed(Refusal):
    """The last test of its kind on the local day failed. Extra member: `tests`."""

    __test__ = False
    code, status = "TEST_FAILED", 409
    title = Words("Essai du jour non conforme", "Test of the day failed")
    detail = Words(
        "Ne démarrez pas cette machine. Refaites l'essai une fois ; s'il échoue encore, elle est mise hors service.",
        "Do not start this machine. Repeat the test once; if it fails again, the machine is put out of service.",
    )


class CycleTaken(Refusal):
    """Another load of this machine has this cycle number."""

    code, status = "CYCLE_TAKEN", 409
    title = Words("Numéro de cycle déjà pris", "Cycle number taken")
    detail = Words(
        "Relisez le numéro de cycle sur l'écran de la machine.", "Read the cycle number again on the machine's display."
    )


class DecisionFinal(Refusal):
    """The load is released or rejected. Extra member: `outcome`."""

    code, status = "DECISION_FINAL", 409
    title = Words("Décision définitive", "The decision is final")
    detail = Words(
        "Cette charge est déjà décidée. Pour revenir sur une libération, ouvrez un rappel.",
        "This load is decided already. To go back on a release, open a recall.",
    )


class IfMatchRequired(Refusal):
    """A decision says which evidence it is about."""

    code, status = "IF_MATCH_REQUIRED", 422
    title = Words("If-Match manquant", "If-Match missing")
    detail = Words(
        "Renvoyez dans If-Match l'ETag de la charge que vous avez sous les yeux.",
        "Send the ETag of the load that you have before you in If-Match.",
    )


class EvidenceChanged(Refusal):
    """The evidence is not what the signatory saw. Extra member: `etag`."""

    code, status = "EVIDENCE_CHANGED", 412
    title = Words("Les preuves ont changé", "The evidence has changed")
    detail = Words("Relisez la charge, puis décidez.", "Read the load again, then decide.")


class EvidenceIncomplete(Refusal):
    """An item of the evidence is missing or failed; `errors[]` says which, by pointers `/evidence/<item>`."""

    code, status = "EVIDENCE_INCOMPLETE", 409
    title = Words("Cette charge ne peut pas être libérée", "This load cannot be released")
    detail = Words(
        "Complétez les éléments indiqués, ou rejetez la charge.", "Complete the items named, or reject the load."
    )


class VerdictNotConform(Refusal):
    """The cycle was not as its programme asks: nobody releases it. Extra member: `failings`."""

    code, status = "VERDICT_NOT_CONFORM", 409
    title = Words("Cycle non conforme", "Cycle not conform")
    detail = Words(
        "Personne ne peut libérer cette charge. Rejetez-la ; son contenu est retraité.",
        "Nobody can release this load. Reject it; what is in it is reprocessed.",
    )


class NotSignatory(Refusal):
    """Not a signatory for this machine at this instant, or not for this outcome."""

    code, status = "NOT_SIGNATORY", 403
    title = Words("Vous ne pouvez pas signer cette décision", "You may not sign this decision")
    detail = Words(
        "Demandez à un pharmacien habilité pour cette machine aujourd'hui.",
        "Ask a pharmacist who may sign for this machine today.",
    )


class SelfRelease(Refusal):
    """Who loaded or started it does not release it."""

    code, status = "SELF_RELEASE", 409
    title = Words("Vous avez préparé cette charge", "You prepared this load")
    detail = Words("Une autre personne doit la libérer.", "Another person must release it.")


class StepUpRequired(Refusal):
    """A decision is signed with a fresh proof of identity. Extra member: `max_age` (s)."""

    code, status = "STEP_UP_REQUIRED", 403
    title = Words("Confirmez votre identité", "Confirm your identity")
    detail = Words("Présentez votre badge et votre code, puis signez.", "Show your badge and PIN, then sign.")


def words_of(item: Item) -> Words:
    """What an item of the evidence lacks: `missing`, `failed`, `17 of 18`."""
    if item.done is not None and item.of is not None:
        return Words(f"{item.done} sur {item.of}", f"{item.done} of {item.of}")
    return Words("manquant", "missing") if item.state == "missing" else Words("non conforme", "failed")

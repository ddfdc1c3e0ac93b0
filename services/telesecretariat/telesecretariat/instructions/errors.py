"""Refusals of instructions."""

from maillage.refusals import Refusal
from maillage.words import Words


class NotValidator(Refusal):
    """Instructions bind: only who answers for them puts them into force."""

    code, status = "NOT_VALIDATOR", 403
    title = Words("Validation réservée au praticien", "Reserved to the validating practitioner")
    detail = Words(
        "Un praticien valide ses propres consignes ; le centre valide celles du centre ou d'un site en nommant le "
        "praticien qui les approuve ; une liste de signes d'alerte est signée par un médecin.",
        "Practitioners validate their own instructions; the centre validates those of the centre or a site and names "
        "the practitioner who approves them; a list of red flags is signed by a doctor.",
    )


class ValidityOverlap(Refusal):
    """Two versions of one instruction would be valid at one time."""

    code, status = "VALIDITY_OVERLAP", 409
    title = Words("Une autre version est valable à ces dates", "Another version is valid at these dates")
    detail = Words(
        "Changez les dates, retirez l'autre version, ou publiez en la remplaçant.",
        "Change the dates, withdraw the other version, or publish this one in its place.",
    )


class VersionPublished(Refusal):
    """What was published does not change: it may have been shown."""

    code, status = "VERSION_PUBLISHED", 409
    title = Words("Version déjà publiée", "Version already published")
    detail = Words("Créez une nouvelle version.", "Make a new version.")


class InstructionExists(Refusal):
    """There is one for this scope and motive. Extra member: `instruction_id`."""

    code, status = "INSTRUCTION_EXISTS", 409
    title = Words("Cette consigne existe déjà", "This instruction exists already")
    detail = Words("Ajoutez-lui une version.", "Add a version to it.")


class NotYourScope(Refusal):
    """A practitioner writes for himself."""

    code, status = "NOT_YOUR_SCOPE", 403
    title = Words("Consigne d'un autre", "Somebody else's instruction")
    detail = Words(
        "Un praticien n'écrit que ses propres consignes ; demandez au responsable du centre.",
        "Practitioners write their own instructions only; ask the manager of the centre.",
    )


class ScopeUnknown(Refusal):
    """A site, practitioner or motive that is not one of the centre."""

    code, status = "SCOPE_UNKNOWN", 422
    title = Words("Lieu, praticien ou motif inconnu", "Unknown site, practitioner or motive")
    detail = Words(
        "Choisissez parmi les lieux, praticiens et motifs de ce centre.",
        "Choose among the sites, practitioners and motives of this centre.",
    )

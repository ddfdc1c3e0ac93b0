"""Refusals of the catalogue: what a composition may not be."""

from maillage.refusals import Refusal
from maillage.words import Words


class VersionAdopted(Refusal):
    """An adopted version never changes. Extra member: `state`."""

    code, status = "VERSION_ADOPTED", 409
    title = Words("Version déjà adoptée", "Version already adopted")
    detail = Words(
        "Une version adoptée ne change plus. Créez un brouillon de la version suivante.",
        "An adopted version does not change any more. Make a draft of the next one.",
    )


class DraftExists(Refusal):
    """One draft at a time. Extra member: `version_id`."""

    code, status = "DRAFT_EXISTS", 409
    title = Words("Un brouillon existe déjà", "There is a draft already")
    detail = Words("Modifiez le brouillon existant, ou adoptez-le.", "Change the draft that exists, or adopt it.")


class ExclusiveRequired(Refusal):
    """Prion class `high` with a free line: an unmarked instrument could not be followed (design: cooperation, 3.5)."""

    code, status = "EXCLUSIVE_REQUIRED", 409
    title = Words("Lignes exclusives exigées", "Exclusive lines required")
    detail = Words(
        "Une composition à risque ATNC élevé n'a que des lignes exclusives, avec des instruments marqués.",
        "A composition of high prion class has exclusive lines only, with marked instruments.",
    )


class ProgrammeNotAllowed(Refusal):
    """A programme that a model's maker does not allow, or that is not valid today. Extra member: `programme`."""

    code, status = "PROGRAMME_NOT_ALLOWED", 409
    title = Words("Programme non permis", "Programme not allowed")
    detail = Words(
        "Ce programme n'est pas valable aujourd'hui, ou n'est pas permis pour un des modèles. Choisissez-en un autre.",
        "This programme is not valid today, or not allowed for one of the models. Choose another.",
    )

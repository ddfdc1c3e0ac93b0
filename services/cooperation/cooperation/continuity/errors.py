"""Refusals of continuity plans."""

from maillage.refusals import Refusal
from maillage.words import Words


class NoContinuityPlan(Refusal):
    """Goods for a place outside the group without an active plan for it, within its planned days (CSP R6111-20-1).
    Extra member `planned_until` when a plan is active whose days are over."""

    code, status = "NO_CONTINUITY_PLAN", 409
    title = Words("Aucun plan de continuité en cours", "No continuity plan in force")
    detail = Words(
        "Rien ne part vers un prestataire sans plan déclaré à l'ARS. Demandez au pharmacien d'en ouvrir un.",
        "Nothing leaves for a provider without a plan told to the health agency. Ask the pharmacist to open one.",
    )


class PlanActive(Refusal):
    """One plan at a time. Extra member: `plan_id`."""

    code, status = "PLAN_ACTIVE", 409
    title = Words("Un plan est déjà en cours", "A plan is in force already")
    detail = Words(
        "Terminez le plan en cours avant d'en ouvrir un autre.", "End the present plan before opening another."
    )


class PlaceNotOutside(Refusal):
    """The provider's place is one of the group's own."""

    code, status = "PLACE_NOT_OUTSIDE", 422
    title = Words("Ce lieu n'est pas extérieur", "Not a place outside")
    detail = Words(
        "Choisissez le lieu du prestataire : un lieu de type extérieur.",
        "Choose the provider's place: a place of kind outside.",
    )

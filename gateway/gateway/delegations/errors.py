"""Refusals about delegations."""

from maillage.refusals import Refusal
from maillage.words import Words


class DelegationExists(Refusal):
    """The provider acts for this organisation already at some of that time."""

    code, status = "DELEGATION_EXISTS", 409
    title = Words("Délégation déjà donnée", "Delegation already given")
    detail = Words(
        "Ce prestataire agit déjà pour vous à ces dates. Terminez d'abord l'autre délégation.",
        "This provider acts for you already at that time. End the other delegation first.",
    )


class PermissionUnknown(Refusal):
    """No service has this permission, or it is not one that can be given."""

    code, status = "PERMISSION_UNKNOWN", 422
    title = Words("Permission inconnue", "Unknown permission")
    detail = Words(
        "Donnez des permissions de la table, ou « service:* » pour toutes celles d'un service.",
        "Give permissions of the table, or “service:*” for all those of a service.",
    )


class ProviderUnknown(Refusal):
    """No open organisation has this id, or it is your own."""

    code, status = "PROVIDER_UNKNOWN", 422
    title = Words("Prestataire inconnu", "Unknown provider")
    detail = Words(
        "Vérifiez l'identifiant de l'organisation qui agira pour vous.",
        "Check the id of the organisation that will act for you.",
    )

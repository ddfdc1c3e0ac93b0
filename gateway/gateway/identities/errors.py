"""Refusals of expected identities."""

from maillage.refusals import Refusal
from maillage.words import Words


class IdentityExpected(Refusal):
    """This identity is already registered for this role here."""

    code, status = "IDENTITY_EXPECTED", 409
    title = Words("Identité déjà enregistrée", "Identity already registered")
    detail = Words(
        "Cette identité est déjà attendue pour cette fonction. Réactivez-la si elle ne l'est plus.",
        "This identity is already expected for this role. Activate it again if it no longer is.",
    )


class NobodysOrganisation(ValueError):
    """An event speaks of an organisation that is not here, or that has no regulators: for the operator to look at."""

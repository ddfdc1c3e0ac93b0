"""Refusals of receipts."""

from maillage.refusals import Refusal
from maillage.words import Words


class ReceiptSignatureInvalid(Refusal):
    """Not signed by this provider's secret, too old, or for a provider that is not in the settings: one answer."""

    code, status = "SIGNATURE_INVALID", 401
    title = Words("Signature incorrecte", "Invalid signature")
    detail = Words(
        "Signez le corps brut selon Standard Webhooks avec le secret convenu, à l'heure exacte à cinq minutes près.",
        "Sign the raw body as Standard Webhooks says, with the agreed secret, at the right time within five minutes.",
    )

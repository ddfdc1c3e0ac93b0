"""Refusals of invoices."""

from maillage.refusals import Refusal
from maillage.words import Words


class MonthNotOver(Refusal):
    """It is not midnight yet on each line of the client."""

    code, status = "MONTH_NOT_OVER", 409
    title = Words("Mois non terminé", "Month not over")
    detail = Words(
        "Une facture se clôt une fois le mois terminé. D'ici là, le brouillon peut être recalculé.",
        "An invoice is closed once its month is over. Until then its draft may be reckoned again.",
    )


class InvoiceClosed(Refusal):
    """A closed invoice stays as it is."""

    code, status = "INVOICE_CLOSED", 409
    title = Words("Facture close", "Invoice closed")
    detail = Words(
        "Une facture close ne change plus. Corrigez-la par un avoir sur le brouillon d'un mois suivant.",
        "A closed invoice does not change any more. Correct it by a credit on the draft of a later month.",
    )


class InvoiceOutdated(Refusal):
    """The month counts something else than the draft shows."""

    code, status = "INVOICE_OUTDATED", 409
    title = Words("Brouillon dépassé", "Draft outdated")
    detail = Words(
        "Le mois a changé depuis ce brouillon. Recalculez-le, relisez-le, puis clôturez.",
        "The month has changed since this draft. Reckon it again, read it, then close it.",
    )


class LineNotCorrectable(Refusal):
    """Not a line of an earlier closed invoice of this client."""

    code, status = "LINE_NOT_CORRECTABLE", 422
    title = Words("Ligne non corrigeable", "Line cannot be corrected")
    detail = Words(
        "Choisissez une ligne d'une facture close du même client, d'un mois antérieur à ce brouillon.",
        "Choose a line of a closed invoice of the same client, of a month before this draft.",
    )


class CreditTooLarge(Refusal):
    """More than was billed and not credited yet. Extra member: `left`."""

    code, status = "CREDIT_TOO_LARGE", 422
    title = Words("Avoir trop grand", "Credit too large")
    detail = Words(
        "Un avoir ne dépasse pas ce qui a été facturé et n'a pas encore été crédité.",
        "A credit is at most what was billed and has not been credited yet.",
    )


class CreditOfProvider(Refusal):
    """Who owes does not credit itself."""

    code, status = "CREDIT_OF_PROVIDER", 403
    title = Words("Avoir réservé au prestataire", "Credits are the provider's")
    detail = Words(
        "Seul un responsable du prestataire peut accorder un avoir. Demandez-le-lui.",
        "Only a manager of the provider may give a credit. Ask for it.",
    )

"""Refusals of loans."""

from maillage.refusals import Refusal
from maillage.words import Words


class IfuMissing(Refusal):
    """No instructions for use came with the loan: nobody may reprocess it (EN ISO 17664)."""

    code, status = "IFU_MISSING", 409
    title = Words("Notice de retraitement absente", "Instructions for use missing")
    detail = Words(
        "Sans notice du fabricant, ce prêt n'entre pas en stérilisation. Demandez-la au fournisseur et indiquez-la.",
        "Without the maker's instructions this loan is not reprocessed. Ask the supplier for them and name them.",
    )


class LoanKnown(Refusal):
    """The supplier has a loan of this reference."""

    code, status = "LOAN_KNOWN", 409
    title = Words("Prêt déjà annoncé", "Loan already announced")
    detail = Words("Ce numéro de prêt existe déjà : ouvrez-le.", "A loan of this reference exists: open it.")


class LoanWashesLeft(Refusal):
    """A lent set is washed several times before it is assembled. Extra member: `washes_left`."""

    code, status = "LOAN_WASHES_LEFT", 409
    title = Words("Lavages du prêt incomplets", "Loan not washed often enough")
    detail = Words(
        "Ce matériel prêté doit encore être lavé avant la recomposition. Remettez-le en charge de lavage.",
        "This lent set must be washed again before it is assembled. Put it into a washing load again.",
    )

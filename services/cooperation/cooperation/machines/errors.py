"""Refusals of machines."""

from maillage.refusals import Refusal
from maillage.words import Words


class TestNotForMachine(Refusal):
    """A Bowie-Dick of a washer, a seal of a steriliser. Extra member: `allowed`."""

    code, status = "TEST_NOT_FOR_MACHINE", 422
    title = Words("Cet essai ne concerne pas cette machine", "This test is not for this machine")
    detail = Words(
        "Choisissez un essai prévu pour ce type de machine.", "Choose a test that this kind of machine can have."
    )


class RequalificationRequired(Refusal):
    """Back in service only with a requalification document and conform tests made since. Extra member: `missing`."""

    code, status = "REQUALIFICATION_REQUIRED", 409
    title = Words("Requalification nécessaire", "Requalification required")
    detail = Words(
        "Cette machine a été mise hors service. Donnez la référence de sa requalification, et refaites des essais "
        "conformes avant de la remettre en service.",
        "This machine was put out of service. Give the reference of its requalification, and make conform tests, "
        "before it comes back into service.",
    )


class MachineInUse(Refusal):
    """A cycle is running."""

    code, status = "MACHINE_IN_USE", 409
    title = Words("Un cycle est en cours", "A cycle is running")
    detail = Words("Attendez la fin du cycle en cours.", "Wait for the end of the running cycle.")

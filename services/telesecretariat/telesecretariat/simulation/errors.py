"""Refusals of simulations."""

from maillage.refusals import Refusal
from maillage.words import Words


class LineNotSimulated(Refusal):
    """A line that people really call is not simulated on."""

    code, status = "LINE_NOT_SIMULATED", 409
    title = Words("Cette ligne n'est pas simulée", "This line is not simulated")
    detail = Words(
        "Une simulation ne tourne que sur une ligne rattachée à un standard simulé. Choisissez la ligne de formation.",
        "A simulation only runs on a line of a simulated telephone system. Choose the training line.",
    )


class SimulationRunning(Refusal):
    """One at a time on a line."""

    code, status = "SIMULATION_RUNNING", 409
    title = Words("Une simulation est déjà en cours", "A simulation is running already")
    detail = Words(
        "Arrêtez la simulation en cours sur cette ligne avant d'en lancer une autre.",
        "Stop the simulation that runs on this line before you start another.",
    )

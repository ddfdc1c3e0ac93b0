"""Refusals of staffing."""

from maillage.refusals import Refusal
from maillage.words import Words


class TooFewAgents(Refusal):
    """As many calls as the agents can take, or more: no figure has a value."""

    code, status = "UNSTABLE", 422
    title = Words("Effectif insuffisant pour la charge", "Too few agents for the load")
    detail = Words(
        "À cet effectif la file s'allongerait sans fin : prévoyez plus d'agents, ou moins d'appels.",
        "With so few agents the queue would grow without end: plan more agents, or fewer calls.",
    )


class LoadAmbiguous(Refusal):
    """Neither calls nor a day of a line, or both."""

    code, status = "LOAD_AMBIGUOUS", 422
    title = Words("Charge à préciser", "Which load?")
    detail = Words(
        "Donnez soit les appels par intervalle, soit une ligne et une date, non les deux.",
        "Give either the calls of each interval or a line and a date, not both.",
    )


class IntervalsDiffer(Refusal):
    """Agents are planned for another number of intervals than calls. Extra member: `intervals`."""

    code, status = "INTERVALS_DIFFER", 422
    title = Words("Intervalles différents", "Intervals differ")
    detail = Words(
        "Donnez un effectif par intervalle d'appels, ni plus ni moins.",
        "Give one number of agents for each interval of calls.",
    )


class HistoryMissing(Refusal):
    """No day like this one yet."""

    code, status = "HISTORY_MISSING", 409
    title = Words("Pas encore d'historique", "No history yet")
    detail = Words(
        "La ligne n'a encore reçu aucun appel un jour semblable : donnez vous-même les appels attendus.",
        "The line has had no call on a like day yet: give the expected calls yourself.",
    )


class DayClosed(Refusal):
    """The line does not open on that date."""

    code, status = "DAY_CLOSED", 422
    title = Words("Ligne fermée ce jour-là", "Closed on that day")
    detail = Words("Choisissez une date où la ligne est ouverte.", "Choose a date on which the line is open.")


class SimulationTooLong(Refusal):
    """It was stopped."""

    code, status = "SIMULATION_TOO_LONG", 422
    title = Words("Simulation trop longue", "Simulation too long")
    detail = Words("Demandez moins de répétitions ou moins d'appels.", "Ask for fewer replications or fewer calls.")

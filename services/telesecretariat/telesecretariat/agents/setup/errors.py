"""Refusals of the set-up of agents."""

from maillage.refusals import Refusal
from maillage.words import Words


class AgentExists(Refusal):
    """This person is an agent already."""

    code, status = "AGENT_EXISTS", 409
    title = Words("Poste déjà créé", "Agent already there")
    detail = Words("Modifiez le poste de cette personne.", "Change the agent of this person.")

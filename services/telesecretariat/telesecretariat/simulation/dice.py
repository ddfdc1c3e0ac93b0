"""Chance of a simulation: the same seed gives the same day, whatever else runs."""

import random

from telesecretariat.simulation.domain import Throw


def throwing(seed: int) -> Throw:
    """Dice for one question of one simulation."""
    # allow clock-ids-chance: a simulated day is drawn from its seed, so that it can be shown again
    return lambda about: random.Random(f"{seed}/{about}")

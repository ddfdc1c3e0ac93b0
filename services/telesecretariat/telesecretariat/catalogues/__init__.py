"""Catalogues: the words that a centre chooses for pauses, motives, outcomes and destinations."""

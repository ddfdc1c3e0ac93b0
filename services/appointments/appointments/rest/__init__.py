"""Rest that a duty brings: told by the permanence service, kept as an absence that nobody lifts."""

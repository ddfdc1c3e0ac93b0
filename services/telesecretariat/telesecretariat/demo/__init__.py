"""The demonstration's line, agents and instructions."""

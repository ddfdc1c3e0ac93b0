"""A simulated line: a realistic day from a seed."""

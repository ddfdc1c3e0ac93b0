"""Several visits asked for at once."""

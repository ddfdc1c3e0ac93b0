"""The board of the day: what is needed, late, urgent, open, not ready, to settle."""

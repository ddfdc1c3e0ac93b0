"""Lines, their hours, what a closed one says."""

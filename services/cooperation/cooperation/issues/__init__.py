"""Non-conformities, their cause and action."""

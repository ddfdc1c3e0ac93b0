"""What a client owes for a month."""

"""Series: several visits asked for at once."""

"""`maillage demo calls`: a day of calls on servers of its own, and what became of it."""

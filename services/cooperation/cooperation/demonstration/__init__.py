"""`maillage demo sterilisation`: a seeded day of five hospitals and their plant, on servers of its own."""

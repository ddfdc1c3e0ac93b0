"""Client centres, assignments, catalogues, known numbers."""

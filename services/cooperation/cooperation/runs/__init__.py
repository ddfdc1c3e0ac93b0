"""Sets and their runs: one run is one turn of one set, from its return to its next use."""

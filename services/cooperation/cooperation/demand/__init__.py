"""Operating programme: what is needed, what there is, what is promised."""

"""Grids and reviews of calls."""

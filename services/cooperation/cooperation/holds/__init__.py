"""Holds: prion, quality, owner; ended by signatures."""

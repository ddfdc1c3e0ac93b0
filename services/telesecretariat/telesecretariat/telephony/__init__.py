"""Telephone systems: their events, their state, simulations."""

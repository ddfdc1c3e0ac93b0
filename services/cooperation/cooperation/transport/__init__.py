"""Crates, vehicles, seals, tours, hand-overs."""

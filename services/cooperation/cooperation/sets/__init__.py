"""Instrument sets and instruments: what exists, with its mark."""

"""Loads: what is in, what the cycle was, whether it is released."""

"""Danger of life: the 15 in one act."""

"""Repeat callers."""

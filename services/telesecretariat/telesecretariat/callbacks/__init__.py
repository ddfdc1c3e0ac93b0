"""Callbacks: a place kept without staying on the line."""

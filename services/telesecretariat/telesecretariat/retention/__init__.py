"""Retention: what a call leaves behind goes in its time; lengths, states and outcomes stay for reports."""

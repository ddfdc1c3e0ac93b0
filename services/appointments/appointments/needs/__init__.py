"""Calls that are needed: a patient whom somebody must call."""

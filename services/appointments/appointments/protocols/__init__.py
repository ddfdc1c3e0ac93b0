"""Protocols of delegation to nurses."""

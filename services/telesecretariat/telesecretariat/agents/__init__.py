"""Agents: their desk, their state."""

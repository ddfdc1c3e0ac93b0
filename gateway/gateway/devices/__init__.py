"""Shared posts, known devices, wall screens, badges."""

"""Visits by video: the room, and the telephone when it fails."""

"""Announcements: what a caller hears before anybody answers."""

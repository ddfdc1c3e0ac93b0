"""Telephone lines and when they are answered."""

"""Calendars: the hours of lines, set by their centre."""

"""Duty notices: what permanence publishes of who is on duty, kept so that no caller waits for another service."""

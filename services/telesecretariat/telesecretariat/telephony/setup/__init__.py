"""Telephone systems as they are registered: kind, endpoints, secrets."""

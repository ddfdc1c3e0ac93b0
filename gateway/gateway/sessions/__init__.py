"""Signing in and out: passwords, sessions, contexts."""

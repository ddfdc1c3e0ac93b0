"""Signing in with another issuer, Pro Santé Connect first."""

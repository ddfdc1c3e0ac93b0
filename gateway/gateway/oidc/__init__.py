"""Signing in with another issuer: OpenID Connect, Pro Santé Connect first."""

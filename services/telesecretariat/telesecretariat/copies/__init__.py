"""Copies of the gateway's and of other services' facts."""

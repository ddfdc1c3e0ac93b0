"""Copies of what the gateway tells: persons, memberships, organisations, delegations."""

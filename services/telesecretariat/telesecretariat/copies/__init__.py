"""Copies of what other services tell: persons, memberships, organisations, delegations, absences, merged patients."""

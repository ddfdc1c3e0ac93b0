"""Organisations: who they are, which numbers they have, whether they are open."""

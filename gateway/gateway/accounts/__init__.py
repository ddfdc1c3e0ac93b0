"""Local accounts: persons, organisations, memberships."""

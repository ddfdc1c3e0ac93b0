"""Uses of packs in operations."""

"""Keys that sign the internal tokens."""

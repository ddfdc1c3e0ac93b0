"""Messages to practitioners, until somebody acts."""

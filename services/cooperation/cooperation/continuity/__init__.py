"""Another pharmacy sterilises for a time."""

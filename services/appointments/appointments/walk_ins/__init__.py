"""Who comes without an appointment."""

"""Reading the audit of all services."""

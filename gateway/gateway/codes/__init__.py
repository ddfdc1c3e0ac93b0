"""One-time codes of patients."""

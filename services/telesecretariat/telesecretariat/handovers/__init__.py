"""Hand-over between shifts."""

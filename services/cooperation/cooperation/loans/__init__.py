"""Sets lent by suppliers."""

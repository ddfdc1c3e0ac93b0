"""The floor as one snapshot."""

"""Cycle records: the raw curve of a machine and the verdict that the server reckons."""

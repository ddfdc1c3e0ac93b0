"""Calls: what is said, known and decided during one."""

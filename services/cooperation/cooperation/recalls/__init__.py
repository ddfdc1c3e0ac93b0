"""Recalls: every run ever in scope, accounted for one by one."""

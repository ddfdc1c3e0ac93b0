"""Visits at home and in care homes: the day's round."""

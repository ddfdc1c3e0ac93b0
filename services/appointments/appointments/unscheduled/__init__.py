"""Unscheduled care (*soins non programmés*): what the sites offer, counted for whoever organises the duty."""

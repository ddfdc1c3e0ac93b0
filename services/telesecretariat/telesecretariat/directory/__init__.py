"""Copies of sites and practitioners, as the appointments service last told them."""

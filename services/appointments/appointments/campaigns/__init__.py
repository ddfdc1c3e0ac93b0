"""Campaigns: what becomes of the appointments that an absence or a closure has hit."""

"""Shared orders: laundry, meals, pharmacy, biology, purchasing, waste; one engine, a row per flow."""

"""Washers, sterilisers, sealers: their state and tests."""

"""Whether a thing may be touched: holds, recalls, expiry. Computed, never stored."""

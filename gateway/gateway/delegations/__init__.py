"""Who acts for whom."""

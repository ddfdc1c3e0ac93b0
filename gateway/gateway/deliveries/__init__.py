"""What leaves for partners: one delivery per subscription and event, pushed or kept for reading."""

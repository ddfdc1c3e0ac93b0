"""What is kept how long, and forgotten."""

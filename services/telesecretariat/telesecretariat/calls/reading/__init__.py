"""What is known of a call: read by who may, noted by who answers it."""

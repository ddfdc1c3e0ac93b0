"""What providers say of messages that they took."""

"""The waiting list: who waits for a time, and to whom a freed time is offered."""

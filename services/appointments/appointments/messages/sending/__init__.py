"""The worker of messages: between two transactions, the provider."""

"""Events for partners: webhooks and pull."""

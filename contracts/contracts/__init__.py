"""What the services tell each other: one class per event. Generated from them: JSON Schema and AsyncAPI."""

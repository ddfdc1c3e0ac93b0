"""Partners' machines: clients, keys, tokens."""

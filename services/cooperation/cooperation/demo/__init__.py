"""The demonstration's group and five hospitals. Everything is generated, and says that it is a demonstration."""

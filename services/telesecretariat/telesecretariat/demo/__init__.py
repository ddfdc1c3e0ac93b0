"""The demonstration line and its people. Everything is generated, and says that it is a demonstration."""

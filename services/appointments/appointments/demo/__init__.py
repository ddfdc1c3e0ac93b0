"""The demonstration territory. Everything in it is generated; see README.md."""

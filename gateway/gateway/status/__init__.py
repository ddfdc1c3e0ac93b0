"""The table of permissions and the state of services."""

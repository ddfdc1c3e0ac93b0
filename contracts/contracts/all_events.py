"""Importing this module registers every event class."""

import contracts.appointments
import contracts.gateway

__all__ = ["contracts"]

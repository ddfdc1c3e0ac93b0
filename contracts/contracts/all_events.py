"""Importing this module registers every event class."""

import contracts.appointments
import contracts.cooperation
import contracts.gateway
import contracts.permanence
import contracts.telesecretariat

__all__ = ["contracts"]

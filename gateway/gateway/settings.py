"""Settings of the gateway, from `MAILLAGE_GATEWAY_…`."""

import os
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import ClassVar

from pydantic import Field

import contracts
from maillage.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """`key` seals secrets and signs tickets: 256 random bits or more, kept outside the database."""

    SERVICE: ClassVar[str] = "gateway"

    key: str = ""
    upstreams: dict[str, str] = Field(default_factory=dict)
    """Address of each service; by default `MAILLAGE_<SERVICE>_ADDRESS`."""
    openapi_dir: Path = Path(contracts.__file__).parents[1] / "openapi"
    schemas_dir: Path = Path(contracts.__file__).parents[1] / "schemas"
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(default_factory=list)
    """Peers whose `X-Forwarded-For` is believed. Empty: the socket's address counts."""
    in_flight: int = 32
    """Requests at once per service, twice the connections of its pool: who waits waits here, where the critical go
    first. As many may wait 250 ms, eight times as many critical ones 8 s."""
    head_s: float = 10.0
    body_s: float = 20.0
    codes_per_contact_hour: int = 3
    codes_per_contact_day: int = 10
    codes_per_visitor_hour: int = 3
    codes_per_address_hour: int = 30
    phone_codes_per_hour: int = 300
    phone_codes_per_day: int = 2_000
    """SMS and calls of the whole territory: the budget of the centre."""

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Where each service is reached."""
        told = {
            name.removeprefix("MAILLAGE_").removesuffix("_ADDRESS").lower(): f"http://{value}"
            for name, value in os.environ.items()
            if name.startswith("MAILLAGE_") and name.endswith("_ADDRESS") and not name.endswith("_WORK_ADDRESS")
        }
        return {name: address for name, address in (told | self.upstreams).items() if name != self.SERVICE}

    @cached_property
    def secret(self) -> bytes:
        """The key's bytes. Refuses to start with a short one."""
        if len(self.key) < 43:
            raise ValueError(
                "MAILLAGE_GATEWAY_KEY must hold 256 random bits, for instance from `openssl rand -base64 32`"
            )
        return self.key.encode()

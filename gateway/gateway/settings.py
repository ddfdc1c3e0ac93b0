"""Settings of the gateway, from `MAILLAGE_GATEWAY_…`."""

import os
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import ClassVar, Literal

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
    second_factor: Literal["required", "optional"] = "required"
    """Whether a local account without a second factor must enrol one before it may work. `maillage up` says optional
    for the demonstration."""
    replicas: int = 1
    """Processes that serve at once: limits kept in memory are divided among them."""
    private_partners: list[IPv4Network | IPv6Network] = Field(default_factory=list)
    """Networks that are not public and may yet be called: partners' key addresses and webhooks."""
    console_dir: Path | None = None
    """The built console, served under `/console/`; none: there is no console."""
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

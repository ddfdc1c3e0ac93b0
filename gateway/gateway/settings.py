"""Settings of the gateway, from `MAILLAGE_GATEWAY_…`."""

import os
from collections.abc import Sequence
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

import contracts
from gateway.door.cookies import is_loopback
from gateway.oidc.config import Provider, of_development
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
    sign_ins_per_minute: int = Field(10, ge=1)
    """Tries for one login from one device, or from all unknown ones together; right ones count too."""
    sign_in_failures_per_address_hour: int = Field(30, ge=1)
    """By IPv4 address or IPv6 /64. Known devices are not stopped by it: a hospital is one address."""
    oidc: list[Provider] = Field(default_factory=list)
    """Other issuers that professionals may sign in with, as a JSON list: Pro Santé Connect, an organisation's own."""
    development_issuer: bool = False
    """Plays Pro Santé Connect for a demonstration on this machine: everybody who can reach it may be anybody."""
    post_idle_s: int = Field(900, ge=60)
    """How long a session at a shared post lives without use."""
    replicas: int = Field(1, ge=1)
    """Processes that serve at once: limits kept in memory are divided among them."""
    private_partners: list[IPv4Network | IPv6Network] = Field(default_factory=list)
    """Networks that are not public and may yet be called: partners' key addresses and webhooks."""
    delivery_timeout_s: float = Field(15, gt=0)
    """How long a webhook may take to answer."""
    console_dir: Path | None = None
    """The built console, served under `/console/`; none: there is no console."""
    console_previous: list[Path] = Field(default_factory=list)
    """Consoles built before: their assets are still given to the screens that were open then."""
    console_connect: list[Annotated[str, Field(pattern=r"^wss://[a-z0-9.-]{1,253}(:[0-9]{1,5})?$")]] = Field(
        default_factory=list
    )
    """Where else the console may connect: the telephone system (SIP over WebSocket)."""
    mailbox_url: str | None = None
    """Where a development installation shows the messages that it does not send; `maillage up` says it."""
    sip_wss_url: str | None = Field(None, pattern=r"^wss://[a-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9/_-]*)?$")
    """The same as the telesecretariat service's: its origin is one of those."""
    anonymous_per_minute: float = Field(120, gt=0)
    """Requests of who is nobody yet, by IPv4 address or IPv6 /64, divided among the replicas; static files are free."""
    anonymous_burst: float = Field(40, gt=0)
    """How many of them at once: pages come with several requests."""
    sign_in_per_minute: float = Field(1_200, gt=0)
    """Of an address while nobody is signed in: the pages and calls of signing in, of a whole hospital at 8:00."""
    sign_in_burst: float = Field(200, gt=0)
    session_per_minute: float = Field(600, gt=0)
    """Of a professional or a patient who is signed in; never by address, for a hospital is one address."""
    session_burst: float = Field(60, gt=0)
    post_per_minute: float = Field(1_200, gt=0)
    """Of a shared post, by device: several people use it."""
    post_burst: float = Field(120, gt=0)
    client_per_minute: float = Field(1_200, gt=0)
    """Of a partner's machine."""
    client_burst: float = Field(120, gt=0)
    client_per_day: int = Field(100_000, gt=0)
    sas_per_minute: float = Field(600, gt=0)
    """Of a machine that reaches the whole territory."""
    sas_burst: float = Field(60, gt=0)
    metrics_bind: str | None = None
    """host:port where the door's metrics are read; never the public one. None: nowhere."""
    streams: int = Field(2_000, gt=0)
    """Live streams of one process."""
    streams_per_person: int = Field(3, gt=0)
    stream_events: int = Field(5_000, gt=0)
    """How many events a screen may have missed, and how old the oldest may be, to be given them again."""
    stream_kept_s: float = Field(86_400, gt=0)
    stream_waiting: int = Field(262_144, ge=65_536)
    """Bytes that may wait for one screen; beyond, it is closed."""
    stream_beat_s: float = Field(15, gt=0)
    link_misses_per_hour: int = Field(20, gt=0)
    """Manage links guessed wrong, by address; then no link is opened from there for a while."""
    most_visitors: int = Field(2_000, gt=0)
    """Visits of patients at once, divided among the replicas; beyond, new ones draw a number and wait."""
    head_s: float = 10.0
    body_s: float = 20.0
    codes_per_contact_hour: int = 3
    codes_per_contact_day: int = 10
    codes_per_visitor_hour: int = 3
    codes_per_address_hour: int = 30
    phone_codes_per_hour: int = 300
    phone_codes_per_day: int = 2_000
    """SMS and calls of the whole territory: the budget of the centre."""
    codes_per_block: int = 50
    """So many codes by phone go to a block of ten thousand numbers in a day whatever becomes of them; then …"""
    codes_used_share: float = 0.2
    """… at least this share must have been used, or the block gets no more."""

    @cached_property
    def connects(self) -> Sequence[str]:
        """The other origins that the console may connect to."""
        if self.sip_wss_url is None:
            return self.console_connect
        origin = "wss://" + urlsplit(self.sip_wss_url).netloc
        return [*self.console_connect, *([origin] if origin not in self.console_connect else [])]

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
    def providers(self) -> Sequence[Provider]:
        """The issuers, the development one among them. Refuses to start with that one beyond this machine."""
        if not self.development_issuer:
            return self.oidc
        if not is_loopback(urlsplit(self.public_url).hostname or ""):
            raise ValueError("MAILLAGE_GATEWAY_DEVELOPMENT_ISSUER is for a public URL on this machine alone")
        return [*self.oidc, of_development(self.public_url, self.secret)]

    @cached_property
    def secret(self) -> bytes:
        """The key's bytes. Refuses to start with a short one."""
        if len(self.key) < 43:
            raise ValueError(
                "MAILLAGE_GATEWAY_KEY must hold 256 random bits, for instance from `openssl rand -base64 32`"
            )
        return self.key.encode()

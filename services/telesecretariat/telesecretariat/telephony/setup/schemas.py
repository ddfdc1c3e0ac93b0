"""Wire types of the registration of telephone systems."""

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Patch, Wire

Kind = Literal["simulated", "webhook", "ari"]
AdapterId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


def _network(value: str) -> str:
    """An address or a network of known size: all of the Internet is not one."""
    try:
        network = ip_network(value)
    except ValueError as wrong:
        raise PydanticCustomError("INVALID", "not a network") from wrong
    if network.prefixlen < (16 if network.version == 4 else 32):
        raise PydanticCustomError("INVALID", "too many addresses")
    return str(network)


Network = Annotated[str, Field(max_length=50), AfterValidator(_network)]
_SIGNS = "[A-Za-z0-9._@+:/-]{0,60}"
Device = Annotated[str, Field(pattern=rf"^[A-Za-z0-9]{{1,20}}/{_SIGNS}\{{address\}}{_SIGNS}$")]
Trunk = Annotated[str, Field(pattern=rf"^[A-Za-z0-9]{{1,20}}/{_SIGNS}\{{number\}}{_SIGNS}$")]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


class Settings(Wire):
    """What a kind of telephone system can be told. `unsigned_networks` (webhook): from where events are taken without a
    signature; none by default. `app`, `device` (with `{address}`), `trunk` (with `{number}`), `music` (ari): the
    application, how an agent's telephone and an outside number are reached, the class of the waiting music.
    """

    unsigned_networks: Annotated[Sequence[Network], Field(max_length=10)] = ()
    app: Word | None = None
    device: Device | None = None
    trunk: Trunk | None = None
    music: Word | None = None


class AdapterIn(Wire):
    """A telephone system to be registered; its id stands in the address to which it sends events."""

    id: AdapterId
    kind: Kind
    settings: Settings = Settings()


class AdapterPatch(Patch):
    """Its settings anew, all of them."""

    settings: Settings


class AdapterRegistered(Wire):
    """A registered telephone system. `signed`: whether it has a secret."""

    id: str
    organisation_id: UUID
    kind: Kind
    settings: Settings
    signed: bool
    version: int


class AdapterSecret(Wire):
    """The secret with which it signs from now on, told once; the one before counts until `previous_until`."""

    id: str
    secret: str | None
    previous_until: Instant | None
    version: int

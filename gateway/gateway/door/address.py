"""Where a request came from: the socket's address, unless the peer is a proxy that we trust."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import Scope

from gateway.door.headers import Header, one


def client_address(scope: Scope, headers: Sequence[Header], trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """The caller's address as text; `X-Forwarded-For` counts only from a trusted peer, and only its last entry."""
    client = scope.get("client")
    peer: str = client[0] if client else "0.0.0.0"  # noqa: S104 - no address, not a listener
    if not trusted:
        return peer
    try:
        if not any(ip_address(peer) in network for network in trusted):
            return peer
        told = one(reversed(headers), b"x-forwarded-for") or b""  # some proxies add a line of their own
        last = told.decode("latin-1").rpartition(",")[2].strip()
        return str(ip_address(last)) if last else peer
    except ValueError:
        return peer


@lru_cache(maxsize=8192)
def counted_address(ip: str) -> str:
    """What limits count by: an IPv4 address, or the /64 of an IPv6 one (a household has a whole /64)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address) >> 64 << 64, 64)))

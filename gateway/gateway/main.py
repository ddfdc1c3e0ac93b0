"""The gateway: the one door."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway import demo
from gateway.accounts import endpoints as accounts
from gateway.codes import endpoints as codes
from gateway.codes.sending import send_due
from gateway.door.app import Door
from gateway.door.guard import GuardedProtocol
from gateway.jobs import end_lapsed, forget, rotate_keys
from gateway.parts import House, built
from gateway.sessions import endpoints as sessions
from gateway.settings import GatewaySettings
from maillage.border import Border
from maillage.jobs import Job
from maillage.service import Service
from maillage.settings import ServiceSettings


def door(api: FastAPI, settings: ServiceSettings) -> ASGIApp:
    """The door around the gateway's own API."""
    assert isinstance(settings, GatewaySettings)
    house = built(api, settings)
    api.state.house = house
    return Door(Border(api, "gateway", 262_144), house.parts)


async def opened(api: FastAPI) -> None:
    """Keys are read before the first request."""
    house: House = api.state.house
    await house.open()


async def closed(api: FastAPI) -> None:
    """Connections to services end."""
    house: House = api.state.house
    await house.close()


service = Service(
    name="gateway",
    title="Gateway: sign-in, sessions, accounts, one-time codes",
    settings=GatewaySettings,
    package="gateway",
    routers=[sessions.router, codes.router, accounts.router],
    jobs=[
        Job("send the codes", 0.25, database=send_due),
        Job("end lapsed sessions", 5.0, end_lapsed),
        Job("rotate the keys", 60.0, database=rotate_keys),
        Job("forget old rows", 3600.0, forget),
    ],
    demo=demo.load,
    wrap=door,
    opened=opened,
    closed=closed,
    protocol=GuardedProtocol,
)

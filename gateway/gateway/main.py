"""The gateway: the one door."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway import demo
from gateway.accounts import endpoints as accounts
from gateway.audit import endpoints as audit
from gateway.codes import endpoints as codes
from gateway.codes.sending import send_due
from gateway.delegations import endpoints as delegations
from gateway.devices import endpoints as devices
from gateway.door.app import Door
from gateway.door.guard import GuardedProtocol
from gateway.factors import endpoints as factors
from gateway.jobs import end_lapsed, forget, rotate_keys
from gateway.oidc import endpoints as oidc
from gateway.organisations import endpoints as organisations
from gateway.partners import endpoints as partners
from gateway.parts import House, built
from gateway.sessions import endpoints as sessions
from gateway.settings import GatewaySettings
from gateway.status import endpoints as status
from gateway.subscriptions import endpoints as subscriptions
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
    title="Gateway: sign-in, accounts, partners, events, audit",
    settings=GatewaySettings,
    package="gateway",
    routers=[
        sessions.router,
        factors.router,
        devices.router,
        oidc.router,
        codes.router,
        accounts.router,
        organisations.router,
        delegations.router,
        partners.router,
        subscriptions.router,
        audit.router,
        status.router,
    ],
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
    tells_audit=False,
)

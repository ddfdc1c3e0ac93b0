"""A telephone system that tells by signed webhooks, as an administrator registers it."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from standardwebhooks import Webhook

from maillage import clock
from maillage.ids import new_id
from tests.harness.floor import Floor


class TelephoneSystem:
    """Registered on a floor; `tell` sends events as it would, signed by the secret that it was given."""

    def __init__(self, floor: Floor, adapter_id: str, secret: str) -> None:
        self.floor, self.adapter_id, self.secret = floor, adapter_id, secret

    @classmethod
    async def registered(cls, floor: Floor, adapter_id: str = "standard-1", **settings: object) -> "TelephoneSystem":
        """With its first secret."""
        async with floor.http(floor.manager()) as client:
            body = {"id": adapter_id, "kind": "webhook", "settings": settings}
            made = await client.post("/v1/telephony/adapters", json=body)
            assert made.status_code == 201, made.text
            told = await client.post(f"/v1/telephony/adapters/{adapter_id}/secret")
            assert told.status_code == 200, told.text
        return cls(floor, adapter_id, told.json()["secret"])

    async def tell(self, *events: dict[str, Any], id_: str | None = None, **how: Any) -> httpx.Response:
        """Events in one delivery."""
        body = json.dumps(events[0] if len(events) == 1 else list(events)).encode()
        return await self.send(body, id_=id_, **how)

    async def send(
        self,
        body: bytes,
        *,
        id_: str | None = None,
        at: datetime | None = None,
        secret: str | None = None,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """A body as it is; `headers` instead of those of the signature."""
        said = (
            signed(body, secret or self.secret, id_ or str(new_id()), at or clock.now()) if headers is None else headers
        )
        async with self.floor.http(None) as client:
            address = f"/v1/telephony/{self.adapter_id}/events"
            return await client.post(address, content=body, headers={"content-type": content_type} | said)


def signed(body: bytes, secret: str, id_: str, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    moment = at.astimezone(UTC)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, moment, body.decode()),
    }


ANOTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of thirty-two byt").decode()
SIX_MINUTES = timedelta(minutes=6)

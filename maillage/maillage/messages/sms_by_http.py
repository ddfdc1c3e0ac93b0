"""SMS and voice through a provider that takes JSON over HTTP.

Providers differ: what speaks another dialect stands behind an adapter of this shape.
"""

from http import HTTPStatus

import httpx
from pydantic import BaseModel, ValidationError

from maillage.messages.port import Outgoing, ProviderReceipt, Refused, Unavailable, Unknown

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class _Accepted(BaseModel):
    id: str


class SmsByHttp:
    """`POST url {channel, to, text, ref}` with a bearer token and `Idempotency-Key: ref`; a 2xx answers `{"id": …}`.

    408, 429, 503 and a connection that is not made: Unavailable. Other 4xx: Refused. Anything after the request has
    left, time-out, reset, other 5xx, an unreadable answer: Unknown.
    """

    def __init__(self, url: str, token: str, *, timeout_s: float = 10) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = timeout_s

    async def send(self, message: Outgoing) -> ProviderReceipt:
        """Hand one text to the provider. See MessagePort."""
        body = {"channel": message.channel, "to": message.to, "text": message.body, "ref": message.ref}
        headers = {**self._headers, "Idempotency-Key": message.ref}
        try:
            async with httpx.AsyncClient(timeout=self._timeout, trust_env=False) as client:
                answer = await client.post(self._url, json=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unavailable(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise Unknown(type(error).__name__) from None
        return _receipt(answer)


def _receipt(answer: httpx.Response) -> ProviderReceipt:
    if answer.status_code in _LATER:
        raise Unavailable(f"the provider said {answer.status_code}")
    if answer.is_client_error or answer.is_redirect:
        raise Refused(f"the provider said {answer.status_code}")
    if not answer.is_success:
        raise Unknown(f"the provider said {answer.status_code}")
    try:
        return ProviderReceipt("http", _Accepted.model_validate_json(answer.content).id)
    except ValidationError:
        raise Unknown("the provider's answer could not be read") from None

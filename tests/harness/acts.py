"""Acts on the cooperation service, in one line each: the answer of a status, or the refusal of a code."""

from typing import Any

import httpx


async def post(client: httpx.AsyncClient, path: str, status: int = 200, /, **body: object) -> dict[str, Any]:
    """The answer to `POST /v1/<path>`, which has this status."""
    answer = await client.post(f"/v1/{path}", json=body or None)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(
    client: httpx.AsyncClient, path: str, code: str, status: int = 409, /, **body: object
) -> dict[str, Any]:
    """The problem that `POST /v1/<path>` is answered with, which has this code and status."""
    problem = await post(client, path, status, **body)
    assert problem["code"] == code, problem
    return problem

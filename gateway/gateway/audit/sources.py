"""The services as sources of the audit: asked in the auditor's name, with tokens good for nothing else."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final, Self, TypeVar

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from gateway.door.tokens import Caller
from gateway.parts import House
from gateway.permissions import AUDIT, Reach
from maillage import context
from maillage.audit_reading import Entries, Entry, Filters, Verification, Wanted
from maillage.principal import Principal

log = structlog.get_logger()
M = TypeVar("M", bound=BaseModel)
PAGE_S: Final = 1.5
VERIFY_S: Final = 110.0
AT_ONCE: Final = 500
"""Rows of an export that are asked for at once."""


class Away(Exception):
    """A service did not answer, or not as it should."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All services, for one auditor."""

    house: House
    caller: Caller
    who: Principal

    @classmethod
    def of(cls, house: House, who: Principal, reach: Reach) -> Self:
        """`reach`: how far his permission to read the audit goes."""
        caller = Caller(
            key=who.sid or who.sub,
            kind=who.kind,
            sub=who.sub,
            role=who.role or "",
            csrf="",
            grants={AUDIT: reach},
            org=who.org,
            sid=who.sid,
            acr=who.acr,
            amr=who.amr,
            auth_time=who.auth_time,
        )
        return cls(house, caller, who)

    @property
    def names(self) -> list[str]:
        """The services behind the door, by name."""
        return sorted(self.house.settings.addresses)

    async def pages(self, wanted: Wanted) -> Mapping[str, Entries | None]:
        """The same page of each; None: away."""
        told = _parameters(wanted) | {"limit": str(wanted.limit)}
        if wanted.cursor:
            told["cursor"] = wanted.cursor
        return await self._each("/v1/audit", told, Entries, PAGE_S)

    async def verifications(self) -> Mapping[str, Verification | None]:
        """Whether the chain of each holds; None: away."""
        return await self._each("/v1/audit/verification", {}, Verification, VERIFY_S)

    async def rows(self, service: str, wanted: Filters) -> AsyncIterator[Entry]:
        """All rows of one. Raises Away, in the middle too."""
        told, cursor = _parameters(wanted) | {"limit": str(AT_ONCE)}, ""
        while True:
            page = await self._ask(service, "/v1/audit", {**told, "cursor": cursor} if cursor else told, Entries, 10)
            for row in page.items:
                yield row
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    async def _each(self, path: str, told: Mapping[str, str], kind: type[M], seconds: float) -> Mapping[str, M | None]:
        async def one(name: str) -> M | None:
            try:
                return await self._ask(name, path, told, kind, seconds)
            except Away:
                return None

        return dict(zip(self.names, await asyncio.gather(*map(one, self.names)), strict=True))

    async def _ask(self, service: str, path: str, told: Mapping[str, str], kind: type[M], seconds: float) -> M:
        token = self.house.parts.minter.token(self.caller, service, self.who.orgs, self.who.ip or "")
        try:
            async with asyncio.timeout(seconds):
                answer = await self.house.others.get(
                    f"{self.house.settings.addresses[service]}{path}",
                    params=told,
                    headers={"Authorization": f"Bearer {token}", "X-Request-Id": context.request_id.get() or ""},
                    timeout=httpx.Timeout(seconds, connect=0.8),
                )
            return kind.model_validate_json(answer.raise_for_status().content)
        except (httpx.HTTPError, TimeoutError, ValidationError) as away:
            log.warning("no audit from a service", asked=service, cause=type(away).__name__)
            raise Away from away


def _parameters(wanted: Filters) -> dict[str, str]:
    said = wanted.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"cursor", "limit"})
    return {name: str(value) for name, value in said.items()}

"""The provider of video as a port. Settings choose the adapter.

A provider knows a visit by `ref`, a random word: no name, no date of birth, no reason ever leaves for it. `none` is the
adapter of an installation without one: its teleconsultations go over to the telephone.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal, Protocol, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from maillage.settings import ServiceSettings

Adapter = Literal["none", "development", "http"]
T = TypeVar("T", bound=BaseModel)


class VideoDown(Exception):
    """The provider did not do it. Its text is for the operator's log."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room at its provider, by the provider's name for it."""

    provider: Adapter
    id: str


class Video(Protocol):
    """What a provider does. Every call may raise `VideoDown`."""

    async def open_room(self, ref: str, starts_at: datetime, ends_at: datetime) -> Room:
        """A room for a visit. Called again for the same `ref`, it answers the same room, with the times now given."""
        ...

    async def patient_url(self, room: Room) -> str:
        """Where the patient joins."""
        ...

    async def host_url(self, room: Room) -> str:
        """Where the practitioner joins; it lets others in."""
        ...

    async def close(self, room: Room) -> None:
        """The visit is over: nobody joins any more. A room that is gone is closed."""
        ...


class NoVideo:
    """No provider."""

    async def open_room(self, ref: str, starts_at: datetime, ends_at: datetime) -> Room:
        """Never."""
        raise VideoDown("no provider is configured")

    async def patient_url(self, room: Room) -> str:
        """Never."""
        raise VideoDown("no provider is configured")

    async def host_url(self, room: Room) -> str:
        """Never."""
        raise VideoDown("no provider is configured")

    async def close(self, room: Room) -> None:
        """Nothing is open."""


class Development:
    """A page of our own that says that it is one. No third party, no video."""

    def __init__(self, public_url: str) -> None:
        self._base = f"{public_url.rstrip('/')}/rdv/salle"

    async def open_room(self, ref: str, starts_at: datetime, ends_at: datetime) -> Room:
        """The room is named after the visit's word."""
        return Room("development", ref)

    async def patient_url(self, room: Room) -> str:
        """The page."""
        return f"{self._base}/{room.id}"

    async def host_url(self, room: Room) -> str:
        """The same page."""
        return f"{self._base}/{room.id}"

    async def close(self, room: Room) -> None:
        """A page has nothing to close."""


class _Opened(BaseModel):
    id: str


class _Link(BaseModel):
    url: str


class ByHttp:
    """A provider that takes JSON over HTTP, with a bearer token.

    `PUT url/rooms/{ref} {starts_at, ends_at}` answers `{"id"}`; `POST url/rooms/{id}/links {role: patient | host}`
    answers `{"url"}`, which must be https (http on this machine only); `DELETE url/rooms/{id}`. What speaks another
    dialect stands behind an adapter of this shape.
    """

    def __init__(self, url: str, token: str, *, timeout_s: float = 5) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = timeout_s

    async def open_room(self, ref: str, starts_at: datetime, ends_at: datetime) -> Room:
        """PUT: the same word, the same room."""
        times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        answer = await self._call("PUT", f"rooms/{ref}", times)
        return Room("http", _read(_Opened, answer).id)

    async def patient_url(self, room: Room) -> str:
        """A link made for this moment; it is not kept."""
        return await self._link(room, "patient")

    async def host_url(self, room: Room) -> str:
        """A link made for this moment; it is not kept."""
        return await self._link(room, "host")

    async def close(self, room: Room) -> None:
        """DELETE; 404 and 410 are as good."""
        await self._call("DELETE", f"rooms/{room.id}", None, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

    async def _link(self, room: Room, role: str) -> str:
        url = _read(_Link, await self._call("POST", f"rooms/{room.id}/links", {"role": role})).url
        if not url.startswith(("https://", "http://127.0.0.1")):
            raise VideoDown("the provider's link is not https")
        return url

    async def _call(
        self, method: str, path: str, body: dict[str, str] | None, *also_good: HTTPStatus
    ) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=self._timeout, trust_env=False) as client:
                answer = await client.request(method, f"{self._url}/{path}", json=body, headers=self._headers)
        except httpx.HTTPError as error:
            raise VideoDown(type(error).__name__) from None
        if not answer.is_success and answer.status_code not in also_good:
            raise VideoDown(f"the provider said {answer.status_code}")
        return answer


def _read(kind: type[T], answer: httpx.Response) -> T:
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError:
        raise VideoDown("the provider's answer could not be read") from None


def video(settings: ServiceSettings) -> Video:
    """The provider that the settings name."""
    chosen: Adapter = getattr(settings, "video", "none")
    url, token = getattr(settings, "video_url", None), getattr(settings, "video_token", None)
    if chosen == "http" and url:
        return ByHttp(url, token or "")
    return Development(settings.public_url) if chosen == "development" else NoVideo()

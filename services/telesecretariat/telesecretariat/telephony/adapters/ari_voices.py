"""What callers are hearing. Asterisk does one thing at a time on a channel: who is spoken to is moved when it is over.

A request to move a channel that is being spoken to would be answered when the announcement ends. So a caller who is to
wait hears it out first; for an agent who is there, it is cut short.
"""

import asyncio
from collections import defaultdict

from telesecretariat.telephony.adapters.ari_client import AriClient


class Voices:
    """The announcements that play, by the channel that hears them, and who is to be moved after."""

    def __init__(self, client: AriClient) -> None:
        self._client = client
        self._heard: dict[str, asyncio.Event] = {}
        self._playing: defaultdict[str, list[str]] = defaultdict(list)
        self._line_after: dict[str, str] = {}

    def begins(self, channel_id: str, playback_id: str) -> asyncio.Event:
        """An announcement is asked for; the event is set when it is over."""
        self._playing[channel_id].append(playback_id)
        return self._heard.setdefault(playback_id, asyncio.Event())

    def speaks_to(self, channel_id: str) -> bool:
        """Whether somebody is being spoken to."""
        return bool(self._playing.get(channel_id))

    def then_queue(self, channel_id: str, line_id: str) -> None:
        """Where a caller waits once he has heard what is said to him."""
        self._line_after[channel_id] = line_id

    def over(self, playback_id: str) -> tuple[str, str] | None:
        """An announcement is over, or was not begun: the line and the channel that now waits there, if one does."""
        if (heard := self._heard.pop(playback_id, None)) is not None:
            heard.set()
        for channel_id, playing in list(self._playing.items()):
            if playback_id in playing:
                playing.remove(playback_id)
            if not playing:
                del self._playing[channel_id]
                line_id = self._line_after.pop(channel_id, None)
                return None if line_id is None else (line_id, channel_id)
        return None

    async def cut_short(self, channel_id: str) -> None:
        """Somebody is there for the caller: nothing more is said to him."""
        self._line_after.pop(channel_id, None)
        for playback_id in self._playing.pop(channel_id, []):
            await self._client.delete("playbacks", playback_id)

    def left(self, channel_id: str) -> None:
        """He hung up: nobody waits for the end of what was said to him."""
        self._line_after.pop(channel_id, None)
        for playback_id in self._playing.pop(channel_id, []):
            if (heard := self._heard.pop(playback_id, None)) is not None:
                heard.set()

    def forget(self) -> None:
        """The connection was lost: what ended meanwhile was told to nobody."""
        for heard in self._heard.values():
            heard.set()
        self._heard.clear()
        self._playing.clear()
        self._line_after.clear()

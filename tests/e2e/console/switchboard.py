"""As much of a SIP switchboard as a browser's telephone meets: it checks the registration, rings, hangs up.

Its WebSocket is played in the browser (`route_web_socket`): the real library speaks to it, and nothing leaves the
machine. Its voice is that of a second connection in the page: the offer is real, so is the answer.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Page, WebSocketRoute

from maillage.ids import new_id

REALM = "maillage.example"
OFFER = """async () => {
  const peer = new RTCPeerConnection();
  peer.addTransceiver("audio");
  window.switchboard = peer;
  await peer.setLocalDescription(await peer.createOffer());
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => peer.addEventListener("icegatheringstatechange",
      () => peer.iceGatheringState === "complete" && done()));
  return peer.localDescription.sdp;
}"""


def header(message: str, name: str) -> str:
    """One header of a message; empty when there is none."""
    found = re.search(rf"^{name}:[ \t]*(.*?)\r?$", message, re.MULTILINE | re.IGNORECASE)
    return found.group(1) if found else ""


def _part(text: str, name: str) -> str:
    found = re.search(rf'{name}="?([^",]+)', text)
    return found.group(1) if found else ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Switchboard:
    """`password`: what whoever registers must prove to know, by the user name that he gives."""

    password: Any
    socket: WebSocketRoute | None = None
    contact: str = ""
    registered: asyncio.Event = field(default_factory=asyncio.Event)
    answers: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    users: list[str] = field(default_factory=list)
    dialog: dict[str, str] = field(default_factory=dict)

    async def listens(self, context: BrowserContext) -> None:
        """Takes the telephone's connection, in whichever window it is."""
        await context.route_web_socket(re.compile("^wss://sip\\."), self._connected)

    def _connected(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(lambda message: self._told(str(message)))

    def _told(self, message: str) -> None:
        first = message.partition("\r\n")[0]
        if first.startswith("REGISTER"):
            self._registers(message)
        elif first.startswith("SIP/2.0 200") and "INVITE" in header(message, "CSeq"):
            self.dialog["to"] = header(message, "To")
            self._send(self._request("ACK", 1))
            self.answers.put_nowait(message)
        elif first.startswith("BYE"):
            self._send(self._reply(message, "200 OK"))
            self.answers.put_nowait("BYE")

    def _registers(self, message: str) -> None:
        proof = header(message, "Authorization")
        if not proof or not self._proven(proof):
            challenge = f'WWW-Authenticate: Digest realm="{REALM}", nonce="a-nonce-of-tests", qop="auth", algorithm=MD5'
            self._send(self._reply(message, "401 Unauthorized", challenge))
            return
        self.contact = re.sub(r"^<|>.*$", "", header(message, "Contact"))
        self._send(self._reply(message, "200 OK", f"Contact: {header(message, 'Contact')}", "Expires: 120"))
        if header(message, "Expires") != "0":
            self.registered.set()

    def _proven(self, proof: str) -> bool:
        user = _part(proof, "username")
        self.users.append(user)
        known = _md5(f"{user}:{REALM}:{self.password(user)}")
        asked = _md5(f"REGISTER:{_part(proof, 'uri')}")
        middle = f"a-nonce-of-tests:{_part(proof, 'nc')}:{_part(proof, 'cnonce')}:auth"
        return _part(proof, "response") == _md5(f"{known}:{middle}:{asked}")

    def _reply(self, message: str, status: str, *more: str) -> str:
        to = header(message, "To")
        kept = [f"{name}: {header(message, name)}" for name in ("Via", "From", "Call-ID", "CSeq")]
        tagged = to if "tag=" in to else f"{to};tag=switchboard"
        return "\r\n".join([f"SIP/2.0 {status}", *kept, f"To: {tagged}", *more, "Content-Length: 0", "", ""])

    def _request(self, method: str, number: int, body: str = "") -> str:
        typed = ["Content-Type: application/sdp"] if body else []
        lines = [
            f"{method} {self.contact} SIP/2.0",
            f"Via: SIP/2.0/WSS switchboard.invalid;branch=z9hG4bK{new_id().hex}",
            "Max-Forwards: 70",
            f"From: {self.dialog['from']}",
            f"To: {self.dialog['to']}",
            f"Call-ID: {self.dialog['call']}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:switchboard@{REALM};transport=ws>",
            *typed,
            f"Content-Length: {len(body.encode())}",
        ]
        return "\r\n".join([*lines, "", body])

    async def rings(self, page: Page) -> None:
        """Rings the telephone, with the offer of a voice."""
        offer = await page.evaluate(OFFER)
        caller = f"<sip:maillage@{REALM}>;tag={new_id().hex[:8]}"
        self.dialog = {"from": caller, "to": f"<{self.contact}>", "call": new_id().hex}
        self._send(self._request("INVITE", 1, offer))

    def hangs_up(self) -> None:
        """The conversation is over at its end."""
        self._send(self._request("BYE", 2))

    def _send(self, message: str) -> None:
        assert self.socket is not None
        self.socket.send(message)

"""A wire between two processes that can be made as bad as a network: late, silent, half open, cut, reset, thin.

    with TcpProxy(port_of_the_service) as wire:
        ...                 # others connect to wire.port
        wire.blackhole()    # nothing passes, nobody is told; what was sent arrives when it heals
        wire.passing()

Each direction is a thread that copies bytes: a test that waits for a process does not hold it up.
"""

import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Self

_PIECE, _THIN = 65_536, 1_024  # bytes that pass at once, and where the bandwidth is limited
_RESET = struct.pack("ii", 1, 0)


def _end(*sockets: socket.socket) -> None:
    for each in sockets:
        with contextlib.suppress(OSError):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            each.shutdown(socket.SHUT_RDWR)  # wakes who reads from it


class _Link:
    """A client's connection, and the one made for it. A deaf one is dead, which only the far end knows."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far, self.deaf, self.ended = near, far, False, False
        self.left = 2


class TcpProxy:
    """From `port` on the loopback to `target` there. `made`: so many connections, `passed`: so many bytes."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.made = self.passed = 0
        self._lock, self._open, self._over = threading.RLock(), threading.Event(), threading.Event()
        self._links: list[_Link] = []
        self._cut: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.passing()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True, name="wire").start()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._over.set()
        self._open.set()
        _end(self._listener)
        self._listener.close()
        self._end_all()

    def passing(self, *, delay_s: float = 0, per_second: float = 0) -> None:
        """All is well again, for what is left of the connections and for new ones; but each piece is late by so much,
        or so many bytes pass in a second and direction."""
        with self._lock:
            self._delay_s, self._per_second, self._cut, self._refusing = delay_s, per_second, None, False
        self._open.set()

    def blackhole(self) -> None:
        """Nothing passes and nobody is told. New connections are taken by the kernel, and hear nothing."""
        self.passing()
        self._open.clear()

    def half_open(self) -> None:
        """The connections of this moment are dead, which only the far end knows; new ones pass."""
        self.passing()
        with self._lock:
            for link in self._links:
                link.deaf = True
                _end(link.far)

    def reset(self) -> None:
        """Every connection is reset, and every new one."""
        self.passing()
        self._refusing = True
        self._end_all()

    def cut_after(self, size: int) -> None:
        """After so many more bytes, of both directions together, all connections are reset; new ones pass."""
        self.passing()
        self._cut = size

    def _end_all(self) -> None:
        with self._lock:
            for link in self._links:
                link.ended = True
                _end(link.near, link.far)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.made += 1
                threading.Thread(target=self._take, args=(near,), daemon=True, name="wire").start()

    def _take(self, near: socket.socket) -> None:
        self._open.wait()
        try:
            if self._refusing or self._over.is_set():
                raise ConnectionRefusedError
            link = _Link(near, socket.create_connection(("127.0.0.1", self.target), timeout=10))
        except OSError:
            _end(near)
            near.close()
            return
        link.far.settimeout(None)
        with self._lock:
            self._links.append(link)
        for there, here in ((near, link.far), (link.far, near)):
            threading.Thread(target=self._copy, args=(link, there, here), daemon=True, name="wire").start()

    def _copy(self, link: _Link, there: socket.socket, here: socket.socket) -> None:
        """One direction, to its end, of which the other side is told."""
        with contextlib.suppress(OSError):
            while data := there.recv(_THIN if self._per_second else _PIECE):
                self._open.wait()
                thin = len(data) / self._per_second if self._per_second else 0
                self._over.wait(self._delay_s + thin) if self._delay_s + thin else None
                if not link.deaf:
                    here.sendall(self._counted(link, data))
                with self._lock:
                    if self._cut == 0:
                        self._cut = None
                        self._end_all()
            self._open.wait()
            if not link.deaf:
                here.shutdown(socket.SHUT_WR)
        if link.deaf:
            self._over.wait()
        with self._lock:
            link.left -= 1
            if not link.left:
                self._links.remove(link)
                link.near.close()
                link.far.close()

    def _counted(self, link: _Link, data: bytes) -> bytes:
        """What still passes of it: nothing on a link that was cut while it was read."""
        with self._lock:
            if link.ended:
                return b""
            if self._cut is not None:
                data, self._cut = data[: self._cut], max(0, self._cut - len(data))
            self.passed += len(data)
        return data

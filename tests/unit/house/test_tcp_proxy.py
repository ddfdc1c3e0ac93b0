"""The bad wire of the fault tests: each of its moods does what it says, and nothing else."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from maillage.testing import eventually
from tests.harness.tcp_proxy import TcpProxy

QUIET_S, PATIENCE_S = 0.2, 20


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Sends back what it hears."""
        try:
            while data := self.request.recv(65_536):
                self.request.sendall(data)
        except ConnectionError:
            return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close = True, False


@contextmanager
def wire() -> Iterator[TcpProxy]:
    """Towards a server that sends back what it hears."""
    with _Server(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            with TcpProxy(server.server_address[1]) as made:
                yield made
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def calling(proxy: TcpProxy) -> Iterator[socket.socket]:
    """One connection through the wire."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE_S) as made:
        yield made


def heard(caller: socket.socket, size: int) -> bytes:
    """So many bytes, or what came before the end."""
    data = b""
    while len(data) < size and (piece := caller.recv(size - len(data))):
        data += piece
    return data


def echo(caller: socket.socket, what: bytes) -> bytes:
    """What comes back for it."""
    caller.sendall(what)
    return heard(caller, len(what))


def is_silent(caller: socket.socket) -> bool:
    """Nothing comes, and no end."""
    caller.settimeout(QUIET_S)
    try:
        caller.recv(1)
    except TimeoutError:
        return True
    finally:
        caller.settimeout(PATIENCE_S)
    return False


def has_ended(caller: socket.socket) -> bool:
    """Closed or reset by the other side."""
    try:
        return caller.recv(1) == b""
    except ConnectionError:
        return True


def is_refused(proxy: TcpProxy) -> bool:
    """A new connection is reset: on a busy machine before its maker hears that it was made."""
    try:
        with calling(proxy) as new:
            return has_ended(new)
    except ConnectionError:
        return True


def test_what_passes_comes_back_whole_and_an_end_is_told() -> None:
    with wire() as proxy, calling(proxy) as caller:
        assert echo(caller, b"0123456789" * 1_000) == b"0123456789" * 1_000
        assert (proxy.made, proxy.passed) == (1, 20_000)
        caller.shutdown(socket.SHUT_WR)
        assert heard(caller, 1) == b""


def test_a_delay_holds_each_piece_and_no_longer() -> None:
    with wire() as proxy, calling(proxy) as caller, calling(proxy) as other:
        assert echo(caller, b"a") == echo(other, b"a")
        proxy.passing(delay_s=3_600)
        caller.sendall(b"late")
        assert is_silent(caller)
        proxy.passing(delay_s=0.01)
        assert echo(other, b"soon") == b"soon"


def test_nothing_passes_a_blackhole_and_nothing_is_lost_in_it() -> None:
    with wire() as proxy, calling(proxy) as known:
        assert echo(known, b"a") == b"a"
        proxy.blackhole()
        with calling(proxy) as new:
            known.sendall(b"one")
            new.sendall(b"two")
            assert is_silent(known)
            assert is_silent(new)
            assert proxy.passed == 2
            proxy.passing()
            assert (heard(known, 3), heard(new, 3)) == (b"one", b"two")


def test_a_half_open_connection_is_silent_and_a_new_one_speaks() -> None:
    with wire() as proxy, calling(proxy) as dead:
        assert echo(dead, b"a") == b"a"
        proxy.half_open()
        dead.sendall(b"anybody?")
        assert is_silent(dead)
        with calling(proxy) as new:
            assert echo(new, b"new") == b"new"


def test_a_reset_ends_what_is_there_and_what_comes() -> None:
    with wire() as proxy, calling(proxy) as known:
        assert echo(known, b"a") == b"a"
        proxy.reset()
        assert has_ended(known)
        assert is_refused(proxy)
        proxy.passing()
        with calling(proxy) as newer:
            assert echo(newer, b"b") == b"b"


def test_a_thin_wire_lets_pieces_through_one_by_one() -> None:
    with wire() as proxy, calling(proxy) as caller:
        proxy.passing(per_second=100_000)
        caller.sendall(b"x" * 30_000)
        eventually(lambda: proxy.passed > 0)
        assert proxy.passed < 60_000
        assert heard(caller, 30_000) == b"x" * 30_000


@pytest.mark.parametrize("size", [1, 10])
def test_a_cut_comes_after_so_many_bytes(size: int) -> None:
    with wire() as proxy:
        with calling(proxy) as caller:
            proxy.cut_after(size)
            caller.sendall(b"0123456789abcdef")
            assert has_ended(caller)
            assert proxy.passed == size
        with calling(proxy) as other:
            assert echo(other, b"again") == b"again"

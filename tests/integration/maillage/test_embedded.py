"""The embedded servers come up, stop, and come back after the worst."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import nats as nats_client
import psutil
import pytest

from maillage.children import free_port, kept_port
from maillage.embedded import DidNotStart, Nats, Postgres
from maillage.testing import data_directory, eventually


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    return data_directory(tmp_path)


@pytest.fixture
def server(installation: Path) -> Iterator[Postgres]:
    server = Postgres(installation / "postgres", "secret of test")
    server.start()
    yield server
    server.stop()


async def test_settings_are_those_promised(server: Postgres) -> None:
    """Version 18, checksums, fsync, UTF-8, short deadlock timeout, and nothing but the loopback."""
    connection = await asyncpg.connect(user="postgres", password="secret of test", host="127.0.0.1", port=server.port)
    shown = {
        name: await connection.fetchval("SELECT current_setting($1)", name)
        for name in (
            "server_version_num",
            "data_checksums",
            "fsync",
            "server_encoding",
            "deadlock_timeout",
            "listen_addresses",
        )
    }
    await connection.close()
    assert int(shown.pop("server_version_num")) >= 180000
    assert shown == {
        "data_checksums": "on",
        "fsync": "on",
        "server_encoding": "UTF8",
        "deadlock_timeout": "200ms",
        "listen_addresses": "127.0.0.1",
    }


async def test_a_wrong_password_is_refused(server: Postgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(user="postgres", password="another", host="127.0.0.1", port=server.port)


async def _write(server: Postgres) -> None:
    connection = await asyncpg.connect(user="postgres", password="secret of test", host="127.0.0.1", port=server.port)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    await connection.execute("INSERT INTO kept VALUES (1)")
    await connection.close()


async def _count(server: Postgres) -> int:
    connection = await asyncpg.connect(user="postgres", password="secret of test", host="127.0.0.1", port=server.port)
    count: int = await connection.fetchval("SELECT count(*) FROM kept")
    await connection.close()
    return count


async def test_rows_and_port_survive_kill_9(server: Postgres) -> None:
    """After kill -9 the stale postmaster.pid is no obstacle, the committed row is there, the address is the same."""
    await _write(server)
    port = server.port
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.start()
    assert await _count(server) == 1
    assert server.port == port


async def test_a_second_server_takes_over_the_directory_of_one_that_was_left_alone(server: Postgres) -> None:
    """A server whose parent was killed unnoticed is stopped first: never two on one directory."""
    await _write(server)
    other = Postgres(server.directory, "secret of test")
    other.start()
    try:
        assert await _count(other) == 1
        assert server.process is not None
        assert server.process.wait(5) == 0
    finally:
        other.stop()


def test_pid_file_of_another_program_is_no_obstacle(installation: Path) -> None:
    """A process number is used again by something else: the file is stale all the same."""
    server = Postgres(installation / "postgres", "secret of test")
    server.start()
    server.stop()
    (server.directory / "postmaster.pid").write_text(f"{os.getpid()}\n{server.directory}\n0\n1\n\n\n\nready\n")
    server.start()
    server.stop()


def test_a_taken_port_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "port"
    first = kept_port(file)
    assert kept_port(file) == first
    with socket.create_server(("127.0.0.1", first)):
        second = kept_port(file)
    assert second != first
    assert kept_port(file) == second


def test_a_free_port_is_given_once() -> None:
    port = free_port()
    with pytest.raises(OSError, match="in use"), socket.socket() as another:
        another.bind(("127.0.0.1", port))  # as the system does for whoever asks for any port
    socket.create_server(("127.0.0.1", port)).close()
    assert len({free_port() for _ in range(500)} | {port}) == 501


def test_a_failed_start_says_what_the_server_said(installation: Path) -> None:
    server = Postgres(installation / "postgres", "secret of test")
    server.start()
    server.stop()
    with (server.directory / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(DidNotStart, match="no_such_setting"):
        server.start()


_PARENT = """
import sys, time
from pathlib import Path
from maillage.embedded import Nats, Postgres
base = Path(sys.argv[1])
postgres, nats = Postgres(base / "postgres", "secret of test"), Nats(base / "nats")
postgres.start(); nats.start()
print(postgres.process.pid, nats.process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of a parent's death on Linux only")
def test_children_end_when_their_parent_is_killed(installation: Path) -> None:
    """Kill -9 of the parent leaves no server behind."""
    command = [sys.executable, "-c", _PARENT, str(installation)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        children = [psutil.Process(int(number)) for number in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert len(children) == 2
        _gone, alive = psutil.wait_procs(children, timeout=10)
        assert not alive


async def test_nats_keeps_its_stream_over_kill_9(installation: Path) -> None:
    """An acknowledged message is there after kill -9 and a new start, at the same address."""
    server = Nats(installation / "nats")
    server.start()
    try:
        client = await nats_client.connect(server.url)
        stream = client.jetstream()
        await stream.add_stream(name="KEPT", subjects=["kept"])
        await stream.publish("kept", b"once")
        await client.close()
        url = server.url
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.start()
        assert server.url == url
        client = await nats_client.connect(server.url)
        assert (await client.jetstream().stream_info("KEPT")).state.messages == 1
        await client.close()
    finally:
        server.stop()


def test_stop_twice_and_processes_gone(installation: Path) -> None:
    server = Nats(installation / "nats")
    server.start()
    assert server.process is not None
    pid = server.process.pid
    server.stop()
    server.stop()
    eventually(lambda: not psutil.pid_exists(pid))

"""`maillage up`: one command starts everything, keeps it alive, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from maillage.children import answers, free_port
from maillage.testing import data_directory, eventually

_START_S = 60


class Up:
    """A `maillage up` of the second service alone, as a person would start it, and what it prints."""

    def __init__(self, data: Path, port: int, *more: str, **environment: str) -> None:
        self.data, self.port = data, port
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "maillage", "up", "--data", str(data), "--port", str(port), *more],
            env={**own, "MAILLAGE_SERVICES": "telesecretariat", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.printed.extend(lines)

    @property
    def text(self) -> str:
        return "".join(self.printed)

    def says(self, words: str) -> None:
        eventually(lambda: words in self.text or self.process.poll() is not None, seconds=_START_S)
        assert words in self.text

    def ends(self, patience_s: float = 20) -> int:
        status = self.process.wait(patience_s)
        self._reader.join()
        return status

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The child whose command line holds these words."""
        return next(child for child in self.family() if all(word in " ".join(child.cmdline()) for word in words))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []
    data = data_directory(tmp_path)

    def run(*more: str, port: int = 0, **environment: str) -> Up:
        started.append(Up(data, port or free_port(), *more, **environment))
        return started[-1]

    yield run
    for each in started:
        if each.process.poll() is None:
            each.process.terminate()
        each.ends()


def _command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    return subprocess.run(
        [sys.executable, "-m", "maillage", *words, "--data", str(data)],
        env={**own, "MAILLAGE_SERVICES": "telesecretariat"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_start_kill_stop_and_start_again(start: Callable[..., Up]) -> None:
    """From nothing to ready; who is killed comes back; Ctrl-C leaves no process; the second start finds all."""
    up = start()
    up.says("everything is ready")
    assert f"http://127.0.0.1:{up.port}/rdv" in up.text

    second = start()
    assert second.ends() == 1
    assert f"in use by process {up.process.pid} at http://127.0.0.1:{up.port}" in second.text

    doctor = _command(up.data, "doctor")
    assert (doctor.returncode, "BROKEN" in doctor.stdout) == (0, False), doctor.stdout + doctor.stderr

    killed = psutil.Process(int((up.data / "logs" / "telesecretariat-serve.pid").read_text()))
    address = f"http://127.0.0.1:{(up.data / 'ports' / 'telesecretariat').read_text()}/readyz"
    killed.kill()
    up.says("telesecretariat-serve ended (SIGKILL): it starts again in 0.2 s")
    eventually(lambda: answers(address), seconds=_START_S)
    up.child("nats-server").kill()
    up.says("NATS ended")
    up.child("postgres", "-D").kill()
    up.says("PostgreSQL ended")
    eventually(lambda: answers(address), seconds=_START_S)

    family = up.family()
    up.process.send_signal(signal.SIGINT)
    assert up.ends() == 0
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert not alive

    again = start()
    again.says("databases are up to date")
    again.says("everything is ready")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of a parent's death on Linux only")
def test_nothing_outlives_a_killed_supervisor(start: Callable[..., Up]) -> None:
    up = start("--no-demo")
    up.says("everything is ready")
    family = up.family()
    assert len(family) > 4
    up.process.kill()
    _gone, alive = psutil.wait_procs(family, timeout=15)
    assert not alive


def test_a_child_that_cannot_start_is_shown_with_its_last_lines(start: Callable[..., Up]) -> None:
    up = start("--no-demo", MAILLAGE_TELESECRETARIAT_POOL_SIZE="many")
    assert up.ends(_START_S) == 1
    assert "ended at its start" in up.text
    assert "pool_size" in up.text


def test_a_taken_port_is_said_before_anything_starts(start: Callable[..., Up]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        up = start(port=taken.getsockname()[1])
        assert up.ends() == 1
    assert "is taken by another program. Choose another: --port 8001" in up.text
    assert not (up.data / "postgres").exists()

"""Child processes that do not outlive their parent."""

import ctypes
import http.client
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

_PR_SET_PDEATHSIG = 1
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PR_SET_NAME = 15
_prctl: Callable[[int, Any], int] | None = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    user: int | None = None,
    group: int | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a command in its own process group, so that Ctrl-C in the terminal reaches the parent alone.

    On Linux the kernel sends it `on_parent_death` when the calling *thread* ends: call from the main thread. Elsewhere
    a child of ours watches for itself (`end_with_parent`). Both outputs are appended to `log`.
    """
    parent = os.getpid()

    def tie_to_parent() -> None:  # runs in the child, after the change of user, which would undo it
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, on_parent_death)
            if os.getppid() != parent:
                os._exit(1)

    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=directory,
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
            process_group=0,
            preexec_fn=tie_to_parent,  # noqa: PLW1509  (two system calls, no lock, no import)
        )
    finally:
        if output:
            output.close()


class Program(Protocol):
    """What is common to a started command and to a fork of this process."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


class Forked:
    """A fork of this process that runs one function and ends with its result.

    What this process has imported the fork has too: on a small machine that is the difference between 3 s and 15 s for
    six services. Only while this process has one thread.
    """

    def __init__(self, run: Callable[[], int], name: str, log: Path, environment: Mapping[str, str]) -> None:
        process = multiprocessing.get_context("fork").Process(target=self._run, args=(run, name, log, environment))
        self._parent = os.getpid()
        process.start()
        self._process = process
        self.pid = process.pid or 0

    def _run(self, run: Callable[[], int], name: str, log: Path, environment: Mapping[str, str]) -> None:
        os.setpgid(0, 0)
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            _prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode()))
        if os.getppid() != self._parent:
            os._exit(1)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.environ.clear()
        os.environ.update(environment)
        sys.exit(run())

    @property
    def returncode(self) -> int | None:
        """As of a command: negative is the signal that ended it, None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same, looked up now."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its end. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("a fork of this process", timeout or 0)
        return self._process.exitcode

    def send_signal(self, sig: int) -> None:
        """To it alone, while it runs."""
        if self._process.exitcode is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


CAN_FORK = sys.platform == "linux"  # elsewhere system libraries do not bear it


def end_with_parent(parent: int) -> None:
    """Where the kernel does not tell of a parent's death (macOS, BSD): look every second, and end as on SIGTERM."""
    if _prctl is not None:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def stop(child: subprocess.Popen[bytes], *signals: tuple[signal.Signals, float]) -> int:
    """Send each signal in turn, waiting its seconds for the end; at last SIGKILL. Returns the exit status."""
    for number, patience in signals:
        if child.poll() is None:
            child.send_signal(number)
        try:
            return child.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    child.kill()
    return child.wait()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody else is given in the next minute.

    A connection of its own is left there in TIME_WAIT: the system then gives the port neither to a connection nor to
    who asks for any port, while a server that names it may listen (SO_REUSEADDR, as all of ours do).
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port: int = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            listener.accept()[0].close()  # who closes first keeps the port
    return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def kept_port(file: Path) -> int:
    """The port remembered in a file, another one (remembered from then on) if it is new or taken."""
    kept = int(file.read_text()) if file.exists() else 0
    if kept and port_is_free(kept):
        return kept
    port = free_port()
    file.write_text(str(port))
    return port


def answers(url: str) -> bool:
    """Whether an address on this machine answers 2xx or 3xx now; a proxy of the environment is not asked."""
    try:
        with _DIRECT.open(url, timeout=1):
            return True
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log file, for a message to a person."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

"""Child processes that are kept alive: started together, watched, started again when they die, stopped in order."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from maillage.children import CAN_FORK, Forked, Program, answers, spawn, tail
from maillage.command import main

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0
_CALM_S = 30.0  # a child that lived so long starts again with the first pause
_LOG_LIMIT = 20_000_000


class StartFailed(RuntimeError):
    """A child did not become ready; the message shows its last lines."""


@dataclass
class Child:
    """One `maillage` command. `ready_url` answers 200 when it can serve; `before` runs first in a fork.

    Its process number is in `<log>.pid`: all forks carry the command line of `maillage up`.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready_url: str
    before: Callable[[], None] = lambda: None
    process: Program | None = None
    pause_s: float = _FIRST_PAUSE_S
    started_at: float = 0.0
    start_again_at: float | None = None
    ready: bool = False

    def start(self) -> None:
        """Start it, its output appended to its log."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        if CAN_FORK:
            self.process = Forked(self._run, self.name, self.log, self.environment)
        else:
            command = [sys.executable, "-m", "maillage", *self.arguments]
            self.process = spawn(command, log=self.log, environment=self.environment)
        self.log.with_suffix(".pid").write_text(f"{self.process.pid}\n")
        self.started_at, self.start_again_at, self.ready = time.monotonic(), None, False

    def _run(self) -> int:
        self.before()
        return main(self.arguments)

    def look_ready(self) -> bool:
        """Ask once whether it can serve; a true answer is remembered until the next start."""
        if not self.ready:
            self.ready = answers(self.ready_url)
        return self.ready


@dataclass
class Supervisor:
    """Keeps children alive until it is told to stop. `say` prints one line for a person."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(self, children: Sequence[Child], patience_s: float, stopping: Callable[[], bool]) -> None:
        """Start all at once and return when all are ready. Raises StartFailed; returns early when stopping."""
        for child in children:
            child.start()
            self.children.append(child)
        deadline, said_at = time.monotonic() + patience_s, time.monotonic()
        while not stopping() and (waiting := [child for child in children if not child.look_ready()]):
            for child in waiting:
                if child.process is not None and child.process.poll() is not None:
                    raise StartFailed(f"{child.name} ended at its start. Its last lines:\n{tail(child.log)}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{waiting[0].name} is not ready. Its last lines:\n{tail(waiting[0].log)}")
            if time.monotonic() - said_at > 2:
                said_at = time.monotonic()
                self.say(f"waiting for {', '.join(child.name for child in waiting)}")
            time.sleep(0.05)

    def look(self) -> None:
        """Start again who died, after a pause that doubles up to 5 s. Call it several times a second."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            if child.start_again_at is None:
                child.pause_s = _FIRST_PAUSE_S if now - child.started_at > _CALM_S else child.pause_s
                child.start_again_at = now + child.pause_s
                self.say(f"{child.name} ended ({_reason(child.process)}): it starts again in {child.pause_s:.1f} s")
                child.pause_s = min(child.pause_s * 2, _LONGEST_PAUSE_S)
            elif now >= child.start_again_at:
                child.start()

    def stop(self, names: Callable[[str], bool], patience_s: float) -> None:
        """SIGTERM to all of these at once, SIGKILL to those that are still there when patience ends."""
        leaving = [child for child in self.children if names(child.name) and child.process is not None]
        self.children = [child for child in self.children if child not in leaving]
        processes = [child.process for child in leaving if child.process is not None]
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        for process in processes:
            try:
                process.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _reason(process: Program) -> str:
    status = process.returncode or 0
    return signal.Signals(-status).name if status < 0 else f"status {status}"

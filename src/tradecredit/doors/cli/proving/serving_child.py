"""The server (and a worker) of a proof as children: started, waited for, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

import click

from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradecredit.doors.cli.proving.ground import Ground

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 60
_COMMAND: Final = "from tradecredit.doors.cli.main import main; main()"


@dataclass(slots=True)
class Child:
    """A ``tradecredit`` command in a process group of its own."""

    ground: Ground
    arguments: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self, **environment: str) -> None:
        """Start it; further variables are for this start only."""
        log = self.ground.data_dir / "log" / "proof-children.log"
        with log.open("ab") as file:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
                [sys.executable, "-c", _COMMAND, "-C", str(self.ground.data_dir), *self.arguments],
                env={**_clean_environment(), **self.environment, **environment},
                stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill -9 the whole group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Stop it in an orderly way, or not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def tree(self) -> list[int]:
        """Return the process and all that descend from it."""
        if self.process is None:
            return []
        found, left = [], [self.process.pid]
        while left:
            pid = left.pop()
            found.append(pid)
            left += _children_of(pid)
        return found


@dataclass(slots=True)
class WebChild(Child):
    """``tradecredit serve`` on a port."""

    port: int = 0

    def start_and_wait(self, **environment: str) -> float:
        """Start it and wait until it answers; returns the seconds it took."""
        began = time.monotonic()
        self.start(**environment)
        self.wait_until_ready()
        return time.monotonic() - began

    def wait_until_ready(self) -> None:
        """Wait until the server answers; raises ClickException when it does not."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with suppress(URLError, OSError), urlopen(f"http://{HOST}:{self.port}/api/v1/health", timeout=2):
                return
            if not self.is_running:
                break
            time.sleep(0.1)
        log = self.ground.data_dir / "log" / "proof-children.log"
        raise click.ClickException(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def serving(ground: Ground, *, unsafe: str = "") -> Iterator[WebChild]:
    """Serve the installation on a free port, with protections switched off where named; stopped at the end."""
    port = free_port()
    web = WebChild(
        ground=ground,
        arguments=["serve", "--port", str(port), "--no-worker"],
        environment={failpoints.UNSAFE: unsafe} if unsafe else {},
        port=port,
    )
    try:
        web.start_and_wait()
        yield web
    finally:
        web.stop()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def resident_megabytes(pids: list[int]) -> float:
    """Return what the processes hold in memory together (pages they share counted once, by share)."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def _children_of(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(text) for text in path.read_text().split()]
    return found


def _clean_environment() -> dict[str, str]:
    # The child wakes the installation by itself, as anybody's would.
    left_out = {"DATABASE_URL", "TRADECREDIT_DATA_DIR", failpoints.FAILPOINTS, failpoints.UNSAFE}
    return {name: value for name, value in os.environ.items() if name not in left_out}

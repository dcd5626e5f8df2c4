"""Run the web server and the worker as children until one ends or Ctrl-C comes."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_GRACE_SECONDS = 15
# Answers under way get this long when the server is told to stop; what is cut off was not acknowledged.
_ANSWER_SECONDS = 10


def serve_until_stopped(*, host: str, port: int, with_worker: bool) -> None:
    """Serve pages and API (and a worker) until Ctrl-C, SIGTERM, or the end of a child."""
    refuse_taken_port(host=host, port=port)
    click.echo(f"http://{host}:{port}/  (Ctrl-C stops)", err=True)
    run_until_stopped(commands(host, port, with_worker=with_worker))


def run_until_stopped(commands: Sequence[list[str]]) -> int:
    """Run commands as children until the first of them ends, Ctrl-C or SIGTERM; return the worst exit code."""
    from django.db import connections

    connections.close_all()
    signal.signal(signal.SIGTERM, _interrupt)
    children = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own interpreter and arguments
    try:
        _wait_for_the_first(children)
        return max(child.returncode or 0 for child in children)
    except KeyboardInterrupt:
        click.echo("stopping …", err=True)
        return 0
    finally:
        _stop(children)


def refuse_taken_port(*, host: str, port: int) -> None:
    """Say so when somebody listens there already; raises click.ClickException."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} on {host} is taken ({error.strerror}); choose another one with --port"
            ) from error


def commands(host: str, port: int, *, with_worker: bool) -> list[list[str]]:
    """Return the commands of the web server and, where wanted, of the worker beside it."""
    web = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port),
        # One process: checks that meet in it share a transaction (doors/api/fast_combiner.py).
        "--workers", "1", "--loop", "auto", "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", str(_ANSWER_SECONDS),
        "tradecredit.config.asgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "tradecredit.doors.worker"]
    return [web, worker] if with_worker else [web]


def _interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
    raise KeyboardInterrupt


def _wait_for_the_first(children: Sequence[subprocess.Popen[bytes]]) -> None:
    while all(child.poll() is None for child in children):
        try:
            children[0].wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    for child in children:
        try:
            child.wait(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()

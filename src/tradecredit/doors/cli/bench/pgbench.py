"""Find pgbench, run a script with it, read its rate."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

_RATE: Final = re.compile(r"tps = ([0-9.]+)")
_THREADS: Final = 2


def find() -> Path:
    """Return pgbench: the server's own, then PATH's, then Debian's newest; raises ClickException where there is none."""
    from tradecredit.plumbing.postgres import embedded

    beside = embedded.binaries_dir() / "pgbench"
    if beside.exists():
        return beside
    on_path = shutil.which("pgbench")
    if on_path:
        return Path(on_path)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    if debian:
        return debian[-1]
    raise click.ClickException(
        "pgbench is nowhere here (PATH, the server's binaries, /usr/lib/postgresql): install PostgreSQL's client"
        " programs; Debian: postgresql-contrib. 未找到 pgbench。"
    )


def rate(
    *, url: str, script: str, clients: int, seconds: float, settings: Mapping[str, str] | None = None
) -> float:
    """Return the transactions a second of a script with prepared statements; raises ClickException with its error.

    ``settings`` are those of its sessions, so that it runs under what suits it best.
    """
    options = " ".join(f"-c {name}={value}" for name, value in (settings or {}).items())
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [
                find(), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, _THREADS)),
                "-T", str(max(1, round(seconds))), "-f", file.name, url,
            ],
            check=False, capture_output=True, text=True, env={**os.environ, "PGOPTIONS": options},
        )  # fmt: skip
    found = _RATE.search(done.stdout)
    if done.returncode or found is None:
        raise click.ClickException(f"pgbench failed:\n{done.stderr[-2000:]}")
    return float(found[1])

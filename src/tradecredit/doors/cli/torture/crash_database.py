"""Kill -9 every process of PostgreSQL while writers write, and start it again."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    import random

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.doors.cli.torture.writers import Writers


def kill_often(
    found: Verdict, place: Ground, crew: Writers, *, kills: int, draw: random.Random
) -> list[float]:
    """Kill the server so many times; returns the seconds from each kill to the next answer."""
    recoveries = []
    for kill in range(kills):
        ground.say(f"database: kill {kill + 1} of {kills} …")
        crew.wait_for_answer(after=time.monotonic())
        time.sleep(draw.uniform(0.3, 1.2))
        killed_at = time.monotonic()
        _kill(place)
        place.server.ensure_running()
        recoveries.append(crew.wait_for_answer(after=killed_at))
    from django.db import connections

    connections.close_all()
    found.figures["db_kills"] = kills
    return recoveries


def do_not_wait_for_commits(place: Ground) -> None:
    """Let commits return before they are on disk: the negative control."""
    import psycopg

    with psycopg.connect(place.server.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        # The writer of the log would otherwise be quick enough to hide the loss.
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")


def _kill(place: Ground) -> None:
    postmaster = int((place.server.cluster / "postmaster.pid").read_text().split()[0])
    children = (Path(f"/proc/{postmaster}/task/{postmaster}/children")).read_text().split()
    for pid in [postmaster, *map(int, children)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

"""Run the jobs and the schedule of this installation."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from tradecredit.doors.worker import tasks

_CONCURRENCY = 2


def work(*, is_once: bool = False) -> None:
    """Work until told to stop; with ``is_once`` only what waits now, without the schedule."""
    if is_once:
        tasks.run_all_once()
        return
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as working_app:
        working_app.run_worker(
            name="tradecredit", concurrency=_CONCURRENCY, listen_notify=True, delete_jobs="successful"
        )

"""Read every connection whose time has come; called by the worker, never twice at once for the same position."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.apps.sources import queries
from tradecredit.flows.sources import sync_source
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from datetime import datetime

    from tradecredit.apps.sources.queries import ConnectionRecord, ProgressRecord
    from tradecredit.flows.sources.erps import Erps
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical: how much longer is waited after failures, at most sixteen times.
_DOUBLINGS_MAX: Final = 4


def sync_due(*, company: Company, actor: Actor, erps: Erps) -> int:
    """Read the connections that are due; returns the rows that were read."""
    moment, read = clock.moment_in(company), 0
    with scope.entered(actor):
        connections = queries.connections(company_id=company.pk, only_active=True)
        progress = queries.progress(connection_ids=[one.id for one in connections])
    for connection in connections:
        if not _is_due(connection, list(progress.get(connection.id, {}).values()), moment=moment):
            continue
        reports = sync_source.sync_source(company=company, code=connection.code, actor=actor, erps=erps)
        read += sum(report.read for report in reports)
    return read


def _is_due(connection: ConnectionRecord, progress: list[ProgressRecord], *, moment: datetime) -> bool:
    """Tell whether it is time: after its interval, and twice as long for each failure in a row, up to sixteen times."""
    tried = [one.tried_at for one in progress if one.tried_at is not None]
    if not tried:
        return True
    failures = max(one.failures for one in progress)
    doublings: int = min(failures, _DOUBLINGS_MAX)
    wait = timedelta(minutes=connection.every_minutes) * (1 << doublings)
    return moment - max(tried) >= wait

"""Read what has changed in another system, portion by portion; each commits together with the position behind it.

The system is asked outside any transaction, so nothing is locked while it thinks. A portion is recorded only if the
position is still where it was read from: two readers never record the same portion twice, and a process that dies
anywhere loses nothing and repeats nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import identities
from tradecredit.apps.sources import operations, queries
from tradecredit.apps.sources.operations import Counts, PositionMovedError
from tradecredit.core.sources import positions
from tradecredit.flows.imports import import_kinds, naming_customers
from tradecredit.flows.imports.import_batch import Batch
from tradecredit.flows.row_results import RowStatus
from tradecredit.flows.sources import keep_connection
from tradecredit.flows.sources.erps import KINDS, UnableToReachSourceError
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradecredit.apps.sources.queries import ConnectionRecord, ProgressRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.flows.imports.incoming import IncomingRow
    from tradecredit.flows.row_results import RowResult
    from tradecredit.flows.sources.erps import Erp, Erps, Page
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical: rows that share a transaction, and how far windows overlap (the longest transaction over there).
PORTION: Final = 500
OVERLAP: Final = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class KindReport:
    """What became of one kind: how many rows, and why reading stopped, if it did not end."""

    kind: str
    portions: int = 0
    read: int = 0
    statuses: Counter[RowStatus] = field(default_factory=Counter)
    failure: Words | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that had changed was read."""
        return self.failure is None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    connection: ConnectionRecord
    erp: Erp
    company: Company
    actor: Actor
    on_portion: Callable[[KindReport], None] | None


def sync_source(
    *,
    company: Company,
    code: str,
    actor: Actor,
    erps: Erps,
    kinds: Sequence[str] = (),
    on_portion: Callable[[KindReport], None] | None = None,
) -> tuple[KindReport, ...]:
    """Read every kind of the connection (or those named) up to now; a kind that fails says why and ends the run.

    Raises UnableToFindSourceError, UnableToDescribeSourceError.
    """
    connection = keep_connection.connection_named(company=company, code=code, actor=actor)
    job = _Job(
        connection=connection,
        erp=erps.open(connection),
        company=company,
        actor=actor,
        on_portion=on_portion,
    )
    reports: list[KindReport] = []
    for kind in KINDS:
        if kind not in connection.kinds or (kinds and kind not in kinds):
            continue
        report = KindReport(kind=kind)
        reports.append(report)
        try:
            keep_connection.refuse_without_secrets(connection, erps)
        except UnableToReachSourceError as error:
            _fail(job, report, error.words)
            break
        _sync_kind(job, report)
        # What comes later names what comes before: it waits for the next run.
        if not report.is_whole:
            break
    return tuple(reports)


def _sync_kind(job: _Job, report: KindReport) -> None:
    while True:
        before = _progress(job, report.kind)
        opened = positions.opened(before.position if before else positions.BEGINNING, now=clock.real_now())
        try:
            page = job.erp.read(kind=report.kind, position=opened, most=PORTION)
        except UnableToReachSourceError as error:
            _fail(job, report, error.words)
            return
        after = positions.moved(opened, latest_key=page.latest_key, is_last=page.is_last, overlap=OVERLAP)
        try:
            results = _record(job, report.kind, page, before, after)
        except PositionMovedError:
            # Another reader was faster with this portion: look again where it left off.
            continue
        report.portions += 1
        report.read += len(page.rows) + len(page.unreadable)
        report.statuses.update(result.status for result in results)
        report.statuses[RowStatus.REFUSED] += len(page.unreadable)
        if job.on_portion is not None:
            job.on_portion(report)
        if page.is_last:
            return


def _progress(job: _Job, kind: str) -> ProgressRecord | None:
    with scope.entered(job.actor):
        return queries.progress(connection_ids=[job.connection.id]).get(job.connection.id, {}).get(kind)


def _record(
    job: _Job, kind: str, page: Page, before: ProgressRecord | None, after: positions.Position
) -> Sequence[RowResult]:
    if failpoints.is_switched_off("position-with-rows"):
        return _record_apart(job, kind, page, before, after)
    with db.unit_of_work(job.actor):
        results = _record_rows(job, kind, page)
        operations.move(
            connection=job.connection, kind=kind, before=before, after=after, counts=_counts(page, results)
        )
        failpoints.reach("source.portion")
    return results


def _record_apart(
    job: _Job, kind: str, page: Page, before: ProgressRecord | None, after: positions.Position
) -> Sequence[RowResult]:
    """Move the position before the rows are recorded, as a proof's negative control: a death between loses them."""
    with db.unit_of_work(job.actor):
        operations.move(
            connection=job.connection, kind=kind, before=before, after=after, counts=_counts(page, ())
        )
    failpoints.reach("source.portion")
    with db.unit_of_work(job.actor):
        return _record_rows(job, kind, page)


def _record_rows(job: _Job, kind: str, page: Page) -> Sequence[RowResult]:
    if not page.rows:
        return ()
    batch = Batch(
        kind=kind,
        rows=_in_our_codes(job.connection.code, page.rows),
        company=job.company,
        actor=job.actor,
        source=job.connection.code,
    )
    named = naming_customers.name_customers(batch, create=False)
    return import_kinds.record(batch, rows=named.rows).results


def _in_our_codes(system: str, rows: Sequence[IncomingRow]) -> list[IncomingRow]:
    """Give rows of customers whom we know under another code our own code."""
    known = identities.codes_of(system=system, codes={row.text("customer_code") for row in rows})
    return [
        replace(row, values={**row.values, "customer_code": known[code]})
        if (code := row.text("customer_code")) in known
        else row
        for row in rows
    ]


def _counts(page: Page, results: Sequence[RowResult]) -> Counts:
    statuses = Counter(result.status for result in results)
    refusals = [
        _refusal(result.number, result.words) for result in results if result.status is RowStatus.REFUSED
    ] + [_refusal(number, words) for number, words in page.unreadable]
    return Counts(
        read=len(page.rows) + len(page.unreadable),
        created=statuses[RowStatus.CREATED],
        updated=statuses[RowStatus.UPDATED],
        unchanged=statuses[RowStatus.UNCHANGED],
        refused=statuses[RowStatus.REFUSED] + len(page.unreadable),
        refusals=refusals,
    )


def _refusal(number: str, words: Words | None) -> Mapping[str, str]:
    return {"number": number, "zh": words.zh if words else "", "en": words.en if words else ""}


def _fail(job: _Job, report: KindReport, words: Words) -> None:
    report.failure = words
    with db.unit_of_work(job.actor):
        operations.failed(connection=job.connection, kind=report.kind, words=words)

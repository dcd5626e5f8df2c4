"""Import a file of any kind: read it, translate its rows, hand them to the flow of the kind, and report on every row."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from tradecredit.apps.sources import files as files_of_people
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports import import_kinds, naming_customers, portions_of_file, remembered_mappings
from tradecredit.flows.imports.import_batch import Batch
from tradecredit.flows.imports.incoming import KINDS, Finding, ImportReport, UnableToReadFileError, Weight
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db, failpoints, ids
from tradecredit.plumbing.access import people
from tradecredit.plumbing.postgres import statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from tradecredit.flows.imports.import_batch import Outcome
    from tradecredit.flows.imports.incoming import IncomingRow, IncomingTable, TabularFiles
    from tradecredit.flows.row_results import RowResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical: after so many new rows the planner is told, and about these tables.
_ROWS_WORTH_TELLING: Final = 500
_WRITTEN: Final = (
    *("dossier_customer", "receivables_invoice", "receivables_instalment", "exposure_exposureentry"),
    *("exposure_creditaccount", "cash_application_payment", "cash_application_allocation"),
)


class _DryRunEndedError(Exception):
    """Takes everything back at the end of a dry run."""


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What has become of the rows so far."""

    statuses: Counter[RowStatus] = field(default_factory=Counter)
    duplicates: int = 0
    findings: list[Finding] = field(default_factory=list)
    settlements: Counter[str] = field(default_factory=Counter)
    customers_created: int = 0
    notes: list[Words] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One file being imported."""

    table: IncomingTable
    name: str
    company: Company
    actor: Actor
    create_customers: bool
    on_progress: Callable[[int, int], None] | None
    tally: _Tally
    file_id: UUID


def import_file(
    *,
    kind: str,
    data: bytes,
    name: str,
    company: Company,
    actor: Actor,
    files: TabularFiles,
    mapping: str | None = None,
    create_customers: bool = True,
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import a file and say what became of every row; ``dry_run`` records nothing and reports what would happen.

    ``mapping`` is the text of a mapping file, remembered for files with the same headings; without one the remembered
    one counts (not for ``auto``), else columns and styles are guessed and the guesses are in the report.
    ``create_customers`` lets documents bring unknown customers. The same file twice changes nothing. Raises UnableToReadFileError.
    """
    _refuse_unknown_kind(kind)
    sheet = remembered_mappings.Sheet(kind=kind, data=data, name=name, files=files)
    table = remembered_mappings.read(sheet, mapping=mapping, company=company, actor=actor)
    job = _Job(
        table=table,
        name=name,
        company=company,
        actor=actor,
        create_customers=create_customers,
        on_progress=on_progress,
        tally=_Tally(notes=list(table.notes)),
        file_id=ids.new_id(),
    )
    _count_unread(table, job.tally)
    _run_whole(job, dry_run=dry_run)
    report = _report(table, job.tally)
    if dry_run:
        return report
    _remember(job, report, data=data)
    remembered_mappings.remember(sheet, mapping=mapping or "", company=company, actor=actor)
    return replace(report, file_id=job.file_id)


def _remember(job: _Job, report: ImportReport, *, data: bytes) -> None:
    """Record that the file was imported, by whom, and what became of its rows."""
    with db.unit_of_work(job.actor):
        files_of_people.record(
            company_id=job.company.pk,
            file=files_of_people.FileRecord(
                id=job.file_id,
                kind=report.kind,
                name=job.name,
                digest=hashlib.sha256(data).hexdigest(),
                mapping=report.mapping,
                read=report.read,
                created=report.created,
                updated=report.updated,
                unchanged=report.unchanged,
                refused=report.refused,
            ),
            actor=job.actor,
        )


def _refuse_unknown_kind(kind: str) -> None:
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise UnableToReadFileError(
            Words(
                zh=f"没有“{kind}”这一种文件；可用：{known}。",
                en=f"There is no kind {kind!r}; use one of {known}.",
            )
        )


def _run_whole(job: _Job, *, dry_run: bool) -> None:
    """Run the job; each batch commits by itself, so that a large file does not hold its locks to the end.

    A dry run holds them all and takes everything back.
    """
    if not dry_run:
        _run(job)
        if job.tally.statuses[RowStatus.CREATED] >= _ROWS_WORTH_TELLING:
            statistics.refresh(tables=_WRITTEN)
        return
    with suppress(_DryRunEndedError), db.unit_of_work(job.actor):
        _run(job)
        raise _DryRunEndedError


def _run(job: _Job) -> None:
    done = 0
    for seller, rows in _by_company(job):
        batch = Batch(kind=job.table.kind, rows=rows, company=seller, actor=job.actor, source=job.name[:100])
        with db.unit_of_work(job.actor):
            named = naming_customers.name_customers(batch, create=job.create_customers)
        job.tally.customers_created += named.created
        job.tally.notes += named.notes
        for finding in named.findings:
            _count_finding(finding, job.tally)
        parts = portions_of_file.parts(job.table.kind, named.rows)
        for part, outcome in portions_of_file.recorded(parts, record=partial(_record, job, batch)):
            for result in outcome.results:
                _count(batch.kind, result, job.tally)
            job.tally.settlements.update(outcome.settlements)
            done += len(part.rows)
            if job.on_progress is not None:
                job.on_progress(done, len(job.table.rows))


def _record(job: _Job, batch: Batch, part: portions_of_file.Part) -> Outcome:
    """Record a portion in a transaction of its own; safe in several threads at once."""
    with db.unit_of_work(job.actor):
        outcome = import_kinds.record(batch, rows=part.rows)
        _keep_rows(job, batch.company, outcome)
        failpoints.reach("import.batch")
    return outcome


def _keep_rows(job: _Job, seller: Company, outcome: Outcome) -> None:
    """Record which rows wrote something, in their transaction: what a batch brought can be found and taken back."""
    files_of_people.record_part(
        company_id=seller.pk,
        file_id=job.file_id,
        kind=job.table.kind,
        rows=[
            files_of_people.WrittenRow(row=one.row, key=one.number, status=one.status.value, what=one.what)
            for one in outcome.results
            if one.status in (RowStatus.CREATED, RowStatus.UPDATED)
        ],
    )


def _by_company(job: _Job) -> Iterator[tuple[Company, list[IncomingRow]]]:
    """Give each row to the company that it names, or to the one given; a company out of reach refuses the row."""
    grouped: dict[str, list[IncomingRow]] = {}
    for row in job.table.rows:
        grouped.setdefault(row.text("company") or job.company.code, []).append(row)
    for code, rows in grouped.items():
        seller = job.company if code == job.company.code else people.company_of(job.actor, code=code)
        if seller is not None:
            yield seller, rows
            continue
        words = Words(
            zh=f"没有代码为 {code} 的公司，或您无权导入其数据。请更正该列。",
            en=f"There is no company {code}, or you may not import for it. Correct the column.",
        )
        for row in rows:
            _count_finding(Finding(row=row.row, field="company", value=code, words=words), job.tally)


def _count_unread(table: IncomingTable, tally: _Tally) -> None:
    counted: set[int] = set()
    for finding in table.findings:
        tally.findings.append(finding)
        if finding.row in counted or finding.weight is Weight.NOTICE:
            continue
        counted.add(finding.row)
        if finding.weight is Weight.DUPLICATE:
            tally.duplicates += 1
            tally.statuses[RowStatus.UNCHANGED] += 1
        else:
            tally.statuses[RowStatus.REFUSED] += 1


def _count_finding(finding: Finding, tally: _Tally) -> None:
    tally.findings.append(finding)
    tally.statuses[RowStatus.REFUSED] += 1


def _count(kind: str, result: RowResult, tally: _Tally) -> None:
    tally.statuses[result.status] += 1
    tally.duplicates += result.is_duplicate and result.status is RowStatus.UNCHANGED
    if result.words is None:
        return
    weight = Weight.NOTICE
    if result.status is RowStatus.REFUSED:
        weight = Weight.REFUSED
    elif result.is_duplicate:
        weight = Weight.DUPLICATE
    tally.findings.append(
        Finding(
            row=result.row,
            field=import_kinds.title_of(kind, result.field),
            value=result.value,
            words=result.words,
            weight=weight,
        )
    )


def _report(table: IncomingTable, tally: _Tally) -> ImportReport:
    return ImportReport(
        kind=table.kind,
        read=table.read,
        created=tally.statuses[RowStatus.CREATED],
        updated=tally.statuses[RowStatus.UPDATED],
        unchanged=tally.statuses[RowStatus.UNCHANGED],
        refused=tally.statuses[RowStatus.REFUSED],
        duplicates=tally.duplicates,
        findings=tuple(sorted(tally.findings, key=lambda finding: finding.row)),
        notes=tuple(tally.notes),
        mapping=table.mapping,
        settlements=dict(tally.settlements),
        customers_created=tally.customers_created,
    )

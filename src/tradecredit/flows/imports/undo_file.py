"""Take back what a file brought: what can be without harm is, of everything else it is said why it stays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.sources import files, locks
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports import undoing
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.sources.files import FileRecord, WrittenRow
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CHANGED: Final = Words(
    zh="本行更新了已有记录。请导入原来的值。", en="This row changed what was there: import the former values."
)


class UnableToUndoFileError(UnableToError):
    """There is no such file, its rows were not kept, or it was taken back already."""

    code = "file_not_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A row that stays, and why."""

    row: int
    key: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many rows were (or would be) taken back, and those that stay."""

    undone: int
    kept: tuple[Kept, ...]

    def reasons(self) -> tuple[tuple[Words, int], ...]:
        """Return each reason with how many rows it keeps, the most frequent first."""
        counted = Counter((one.words.zh, one.words.en) for one in self.kept)
        return tuple((Words(zh=zh, en=en), count) for (zh, en), count in counted.most_common())


class _TrialEndedError(Exception):
    """Takes everything back at the end of a trial."""


def undo_file(*, company: Company, file_id: UUID, reason: str, actor: Actor, dry_run: bool = False) -> Undone:
    """Take back the rows that a file brought; ``dry_run`` changes nothing and says what would become of them.

    Orders are cancelled, contracts ended, covers withdrawn, facts corrected to what was known before, customers on whom
    nothing hangs leave; documents in the ledger stay. Each row by itself: one that stays does not stop the others.
    Raises UnableToUndoFileError.
    """
    result = Undone(undone=0, kept=())
    try:
        with db.unit_of_work(actor):
            file = _locked(company, file_id, reason=reason, is_trial=dry_run)
            result = _take_back(company, file, reason=reason, actor=actor)
            _record(company, file, result, reason=reason, actor=actor, is_trial=dry_run)
    except _TrialEndedError:
        return result
    return result


def _locked(company: Company, file_id: UUID, *, reason: str, is_trial: bool) -> FileRecord:
    locks.lock_file(file_id)
    file = files.by_id(company_id=company.pk, file_id=file_id)
    if file is None:
        raise _refused(zh="没有这个导入文件。", en="There is no such imported file.")
    before = files.undone(company_id=company.pk, file_ids=[file_id]).get(file_id)
    if before is not None:
        raise _refused(
            zh=f"这个文件已由 {before.recorded_by} 撤回过（{before.undone} 行）。",
            en=f"{before.recorded_by} took this file back already ({before.undone} rows).",
        )
    if not is_trial and not reason.strip():
        raise _refused(zh="请写明撤回原因。", en="Say why it is taken back.")
    return file


def _take_back(company: Company, file: FileRecord, *, reason: str, actor: Actor) -> Undone:
    written = files.written(company_id=company.pk, file_id=file.id)
    if not written:
        raise _refused(
            zh="这个文件没有写入任何内容，没有可撤回的。", en="This file wrote nothing: nothing to take back."
        )
    new = [one for one in written if one.status == RowStatus.CREATED]
    changed = [one for one in written if one.status != RowStatus.CREATED]
    kept = [Kept(row=one.row, key=one.key, words=_CHANGED) for one in changed]
    undone, stays = _undo_rows(company, file, new, reason=reason, actor=actor)
    return Undone(undone=undone, kept=tuple(sorted([*kept, *stays], key=lambda one: one.row)))


def _undo_rows(
    company: Company, file: FileRecord, rows: Sequence[WrittenRow], *, reason: str, actor: Actor
) -> tuple[int, list[Kept]]:
    why = undoing.STAYS.get(file.kind)
    if why is not None:
        return 0, [Kept(row=one.row, key=one.key, words=why) for one in rows]
    job = undoing.Job(company=company, reason=f"{reason}（{file.name}）"[:200], actor=actor)
    undoing.lock_accounts(job, kind=file.kind, keys=[one.key for one in rows])
    undone, kept = 0, []
    # What was written last goes first: a correction before what it corrected.
    for one in reversed(rows):
        try:
            with db.savepoint():
                undoing.HANDLERS[file.kind](job, one)
        except UnableToError as refusal:
            kept.append(Kept(row=one.row, key=one.key, words=refusal.words))
        else:
            undone += 1
    return undone, kept


def _record(
    company: Company, file: FileRecord, result: Undone, *, reason: str, actor: Actor, is_trial: bool
) -> None:
    if is_trial:
        raise _TrialEndedError
    files.record_undo(
        company_id=company.pk,
        file_id=file.id,
        undone=result.undone,
        kept=len(result.kept),
        reasons=[
            {"row": one.row, "key": one.key, "zh": one.words.zh, "en": one.words.en} for one in result.kept
        ],
        actor=actor,
    )
    words = Words(
        zh=f"撤回导入文件“{file.name}”：撤回 {result.undone} 行，保留 {len(result.kept)} 行。原因：{reason}",
        en=f"The file “{file.name}” is taken back: {result.undone} rows, {len(result.kept)} stay. Reason: {reason}",
    )
    entry = log.NewEntry(stream=f"company:{company.pk}", kind="file.undone", words=words)
    log.append(company_id=company.pk, actor=actor, entries=[entry])


def _refused(*, zh: str, en: str) -> UnableToUndoFileError:
    return UnableToUndoFileError(Words(zh=zh, en=en))

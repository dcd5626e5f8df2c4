"""The task about the lines of a bank statement that wait: made with the statement, ended with the last of its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_queries
from tradecredit.apps.cash_application.models import LineStatus
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_WAITING: Final = (LineStatus.SUGGESTED, LineStatus.UNIDENTIFIED, LineStatus.HELD, LineStatus.REFUND)
_WORDS: Final = Words(
    zh="银行流水 {file}：{count} 笔待认领（建议 {suggested}，未识别 {unidentified}，待核对 {held}，退款 {refund}）",
    en="Bank file {file}: {count} lines wait ({suggested} suggested, {unidentified} unidentified, {held} held,"
    " {refund} refunds)",
)
_DONE: Final = "no line of the statement waits any more"


def make(
    *, company: Company, statement_ids: Collection[UUID], file_name: str, unbalanced: Collection[UUID]
) -> int:
    """Make a task for each statement of which lines wait, urgent where it does not add up; returns how many."""
    standing = bank_queries.standing_of_statements(statement_ids)
    tasks = [
        worklist.NewTask(
            kind="bank_lines",
            words=_words(file_name, found),
            dedupe_key=_key(statement),
            role=Role.FINANCE_MANAGER.value,
            priority="high" if statement in unbalanced else "normal",
            link="/cash",
        )
        for statement, found in standing.items()
        if _count(found)
    ]
    return worklist.make(company_id=company.pk, tasks=tasks)


def end_where_done(*, company: Company, line_ids: Iterable[UUID], actor: Actor) -> int:
    """Complete the tasks of the statements that brought the lines, where none of theirs waits; returns how many."""
    db.transaction_required()
    standing = bank_queries.standing_of_statements(bank_queries.statements_of_lines(line_ids))
    keys = [_key(statement) for statement, found in standing.items() if not _count(found)]
    return worklist.complete_keys(company_id=company.pk, keys=keys, outcome=_DONE, done_by=actor.name)


def _words(file_name: str, found: Counter[str]) -> Words:
    counts = {status.value: found[status.value] for status in _WAITING}
    return _WORDS.filled(file=file_name, count=_count(found), **counts)


def _count(found: Counter[str]) -> int:
    return sum(found[status.value] for status in _WAITING)


def _key(statement_id: UUID) -> str:
    return f"bank_lines:{statement_id}"

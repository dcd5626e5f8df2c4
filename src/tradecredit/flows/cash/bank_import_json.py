"""The answer about imported bank files, the same from the command line and the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.flows.cash.import_bank_statement import BankImport, StatementResult

_STATUSES: Final = ("matched", "suggested", "unidentified", "held", "returned", "refund", "outgoing")


def document(
    *, done: Sequence[BankImport], refused: Sequence[tuple[str, Words]], language: str
) -> dict[str, Any]:
    """Return counts over all files, the check of each statement, and the refused files with their reasons."""
    return {
        "statements": sum(len(report.statements) for report in done),
        "lines": sum(report.lines for report in done),
        **{status: sum(report.statuses[status] for report in done) for status in _STATUSES},
        "duplicates": sum(report.duplicates for report in done),
        "refused": [{"file": name, "message": words.in_language(language)} for name, words in refused],
        "checks": [_check(report, one, language) for report in done for one in report.statements],
    }


def _check(report: BankImport, one: StatementResult, language: str) -> dict[str, Any]:
    check = one.recorded.check
    return {
        "file": report.file_name,
        "format": report.format,
        "profile": report.profile or None,
        "id": None if one.recorded.statement_id is None else str(one.recorded.statement_id),
        "account": one.account,
        "number": one.number,
        "lines": one.recorded.lines,
        "duplicates": one.recorded.duplicates,
        "credit": f"{check.credit:f}",
        "debit": f"{check.debit:f}",
        "is_balanced": check.is_balanced,
        "difference": None if check.difference is None else f"{check.difference:f}",
        "notes": [note.in_language(language) for note in one.notes],
    }

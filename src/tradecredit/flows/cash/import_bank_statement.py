"""Take a bank file: its statements and lines once, payments and returns booked, the rest waiting; all or nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_queries
from tradecredit.apps.cash_application.models import LineStatus
from tradecredit.core.cash_application import statements
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_bank_lines, place_bank_lines, waiting_tasks
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.flows.cash.place_bank_lines import Recorded, Source
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.core.cash_application.statements import BankFile, Statement
    from tradecredit.flows.ports import BankFiles
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_TAIL_LENGTH_MIN: Final = 4
_ACCOUNT_MAX: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementResult:
    """One statement of the file, and whether it adds up."""

    account: str
    number: str
    recorded: Recorded
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BankImport:
    """What became of a file; ``lines`` are its transactions, the other counts are of the new ones among them."""

    file_name: str
    format: str
    profile: str
    statements: tuple[StatementResult, ...]
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> int:
        """Return how many transactions the file holds."""
        return sum(one.recorded.lines for one in self.statements)

    @property
    def duplicates(self) -> int:
        """Return how many of them the books knew."""
        return sum(one.recorded.duplicates for one in self.statements)

    @property
    def unbalanced(self) -> tuple[StatementResult, ...]:
        """Return the statements that do not add up."""
        return tuple(one for one in self.statements if one.recorded.check.is_balanced is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatements:
    """A file that was read and may be recorded."""

    source: Source
    statements: tuple[Statement, ...]


def import_bank_statement(
    *,
    company: Company,
    file: BankFile,
    files: BankFiles,
    actor: Actor,
    accept_differences: bool = False,
    moved: Callable[[int, int], None] | None = None,
) -> BankImport:
    """Read the file outside any transaction, then record and book it in one; ``moved`` is told of lines done, of all.

    A statement that does not add up is recorded and its lines are held, unless ``accept_differences``.
    Raises UnableToReadBankFileError; nothing is recorded then.
    """
    found = read(company=company, file=file, files=files)
    return record(
        company=company, found=found, actor=actor, accept_differences=accept_differences, moved=moved
    )


def read(*, company: Company, file: BankFile, files: BankFiles) -> ReadStatements:
    """Return the statements of a file, each with its account and currency; raises UnableToReadBankFileError."""
    found = files.read(replace(file, currency=file.currency or company.base_currency))
    ready = [_completed(one, file, company.base_currency) for one in found.statements]
    return ReadStatements(
        source=Source(name=file.name, format=found.format, profile=found.profile[:_ACCOUNT_MAX]),
        # Always in one order, so that two imports never wait for each other in a ring.
        statements=tuple(sorted(ready, key=_order)),
    )


def record(
    *,
    company: Company,
    found: ReadStatements,
    actor: Actor,
    accept_differences: bool = False,
    moved: Callable[[int, int], None] | None = None,
) -> BankImport:
    """Record and book what was read, all or nothing; raises UnableToReadBankFileError for an unclear account."""
    with db.unit_of_work(actor):
        recorded = [
            place_bank_lines.record(
                company=company,
                statement=statement,
                source=found.source,
                accept_differences=accept_differences,
                actor=actor,
            )
            for statement in found.statements
        ]
        statuses = Counter({str(LineStatus.HELD): sum(one.held for one in recorded)})
        statuses += _book(company, recorded, actor, moved)
        report = BankImport(
            file_name=found.source.name,
            format=found.source.format,
            profile=found.source.profile,
            statements=tuple(
                StatementResult(
                    account=statement.account, number=statement.number, recorded=one, notes=statement.notes
                )
                for statement, one in zip(found.statements, recorded, strict=True)
            ),
            statuses=statuses,
        )
        _announce(company, report, actor)
    return report


def _order(statement: Statement) -> tuple[str, str]:
    return (statements.comparable(statement.account), statement.currency)


def _book(
    company: Company,
    recorded: Sequence[Recorded],
    actor: Actor,
    moved: Callable[[int, int], None] | None,
) -> Counter[str]:
    """Book the lines of all statements together, since their credit accounts have to be locked together."""
    bookable = [line_id for one in recorded for line_id in one.bookable]
    if not bookable:
        return Counter()
    lines = bank_queries.lines_by_id(ids=bookable)
    ordered = [lines[line_id] for line_id in bookable]
    outcomes = book_bank_lines.book(company=company, lines=ordered, actor=actor, moved=moved)
    return Counter(str(outcome.status) for outcome in outcomes)


def _completed(statement: Statement, file: BankFile, base_currency: str) -> Statement:
    """Give the statement the account and currency that were named beside the file; refuse what contradicts them."""
    named = file.account.strip()[:_ACCOUNT_MAX]
    given = statement.account.strip() if statements.comparable(statement.account) else ""
    if not named and not given:
        raise UnableToReadBankFileError(
            Words(
                zh="文件没有写明账号。请用 --account 指定是哪个账户。",
                en="The file names no account. Say which one it is of with --account.",
            )
        )
    if named and given and not _is_same_account(named, given):
        raise UnableToReadBankFileError(
            Words(
                zh=f"文件属于账户 {statement.account}，而不是指定的 {file.account}。",
                en=f"The file is of account {statement.account}, not of {file.account} as named.",
            )
        )
    account = named if len(named) > len(given) else given
    if not statement.currency:
        statement = statements.in_currency(statement, file.currency or base_currency)
    return replace(statement, account=account)


def _is_same_account(named: str, given: str) -> bool:
    """Tell whether one number is the other, or its tail (banks print the last digits only)."""
    tails = statements.account_tail(named), statements.account_tail(given)
    shorter, longer = sorted(tails, key=len)
    return longer == shorter or (len(shorter) >= _TAIL_LENGTH_MIN and longer.endswith(shorter))


def _announce(company: Company, report: BankImport, actor: Actor) -> None:
    new = [one for one in report.statements if one.recorded.statement_id is not None]
    entries = [_entry(one, report.file_name) for one in new]
    log.append(company_id=company.pk, actor=actor, entries=entries)
    brought = {one.recorded.statement_id: one for one in new if one.recorded.statement_id is not None}
    waiting_tasks.make(
        company=company,
        statement_ids=list(brought),
        file_name=report.file_name,
        unbalanced=[known for known, one in brought.items() if one.recorded.check.is_balanced is False],
    )


def _entry(one: StatementResult, file_name: str) -> log.NewEntry:
    check = one.recorded.check
    verdicts = {
        True: Words(zh="余额相符", en="it adds up"),
        False: Words(zh="余额不符，差额 {difference}", en="it does not add up, difference {difference}"),
        None: Words(zh="无余额可核对", en="it gives no balances"),
    }
    difference = "?" if check.difference is None else f"{check.difference:f}"
    verdict = verdicts[check.is_balanced].filled(difference=difference)
    return log.NewEntry(
        stream=f"bank_account:{one.recorded.account_id}",
        kind="bank_statement.recorded",
        words=Words(
            zh=f"登记账户 {one.account} 的对账单（{file_name}）：{one.recorded.lines} 笔，{verdict.zh}",
            en=f"Statement of account {one.account} recorded ({file_name}): {one.recorded.lines} lines, {verdict.en}",
        ),
        payload={
            "statement": str(one.recorded.statement_id),
            "lines": one.recorded.lines,
            "duplicates": one.recorded.duplicates,
        },
    )

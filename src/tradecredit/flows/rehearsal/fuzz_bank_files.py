"""Feed broken bank files to the reader and judge every answer: read exactly, or refused in words; nothing else."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application import statements
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.flows.cash import import_bank_statement
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.flows.rehearsal import bank_file_mutations, bank_file_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradecredit.core.cash_application.statements import Entry, Statement, StatementFile
    from tradecredit.flows.ports import BankFiles, BankFileSession
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

SECONDS_MAX: Final = 5
MEMORY_MB_MAX: Final = 512
FORMATS: Final = ("camt", "mt940", "ofx", "bai2", "csv", "xlsx")
_STORED_MAX: Final = 10**16
# One file in so many has a single digit of an amount changed: it must never pass for whole.
_DIGIT_EVERY: Final = 10
_KEPT: Final = 20


@dataclass(slots=True, kw_only=True)
class FuzzReport:
    """What became of the files; ``failures`` name the seed's number and what went wrong."""

    files: int = 0
    read: int = 0
    refused: int = 0
    crashes: int = 0
    hangs: int = 0
    wrong: int = 0
    digits_changed: int = 0
    digits_missed: int = 0
    slowest_ms: int = 0
    peak_mb: int = 0
    imported: int = 0
    imported_again: int = 0
    by_format: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def fail(self, text: str) -> None:
        """Keep the first failures in words."""
        if len(self.failures) < _KEPT:
            self.failures.append(text)


def fuzz(
    *,
    files: BankFiles,
    count: int,
    seed: int,
    formats: tuple[str, ...] = FORMATS,
    ignore_totals: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> FuzzReport:
    """Read ``count`` broken files; ``ignore_totals`` is the negative control and has to miss changed digits."""
    report = FuzzReport()
    with files.session() as session:
        for number, (form, data, is_digit) in enumerate(_broken(seed, formats, count)):
            report.by_format[form] += 1
            found = _read(session, data, report, place=f"{form} #{number}")
            if is_digit:
                _judge_digit(found, report, place=f"{form} #{number}", ignore_totals=ignore_totals)
            if on_progress is not None:
                on_progress(number + 1)
        report.peak_mb = max(report.peak_mb, session.peak_mb())
    return report


def import_some(
    *,
    company: Company,
    files: BankFiles,
    actor: Actor,
    count: int,
    seed: int,
    counted: Callable[[], tuple[int, int]],
    report: FuzzReport,
) -> None:
    """Import broken files twice: a refused one leaves nothing, a taken one adds nothing the second time.

    ``counted`` returns how many statements and lines the books hold.
    """
    for number, (form, data, _) in enumerate(_broken(seed + 1, FORMATS, count)):
        place = f"import {form} #{number}"
        before = counted()
        again = after = before
        try:
            file = BankFile(name=f"{number}.{form}", data=data)
            import_bank_statement.import_bank_statement(company=company, file=file, files=files, actor=actor)
            report.imported += 1
            after = again = counted()
            import_bank_statement.import_bank_statement(company=company, file=file, files=files, actor=actor)
            report.imported_again += 1
            again = counted()
        except UnableToReadBankFileError:
            again = counted()
        if again != after:
            report.wrong += 1
            report.fail(f"{place}: the books held {after} and then {again}")


def _broken(seed: int, formats: tuple[str, ...], count: int) -> Iterator[tuple[str, bytes, bool]]:
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    seeds = bank_file_seeds.seeds()
    totalled = {form: pair for form, pair in bank_file_seeds.totalled().items() if form in formats}
    pool = [data for group in seeds.values() for data in group]
    for number in range(count):
        if number % _DIGIT_EVERY == 0 and totalled:
            form = chance.choice(sorted(totalled))
            data, around = totalled[form]
            yield form, bank_file_mutations.change_digit(chance, data, around), True
            continue
        form = chance.choice(formats)
        yield form, bank_file_mutations.mutate(chance, chance.choice(seeds[form]), pool), False


def _read(session: BankFileSession, data: bytes, report: FuzzReport, *, place: str) -> StatementFile | None:
    report.files += 1
    started = time.monotonic()
    found = None
    try:
        found = session.read(BankFile(name=place, data=data, account="EXAMPLE-1", currency="CNY"))
        report.read += 1
    except UnableToReadBankFileError as refusal:
        report.refused += 1
        cause = refusal.facts.get("cause", "")
        if cause == "died":
            report.crashes += 1
            report.fail(f"{place}: the reader died on {data[:200]!r}")
        if not (refusal.words.zh and refusal.words.en):
            report.fail(f"{place}: refused without words")
    took = time.monotonic() - started
    report.slowest_ms = max(report.slowest_ms, int(took * 1000))
    if took > SECONDS_MAX:
        report.hangs += 1
        report.fail(f"{place}: took {took:.1f} s on {data[:200]!r}")
    if found is not None and (problem := _problem(found)):
        report.wrong += 1
        report.fail(f"{place}: {problem}")
    if report.files % 500 == 0:
        report.peak_mb = max(report.peak_mb, session.peak_mb())
    return found


def _judge_digit(found: StatementFile | None, report: FuzzReport, *, place: str, ignore_totals: bool) -> None:
    """A file of which one digit of an amount was changed is refused, or known not to add up."""
    report.digits_changed += 1
    if found is None:
        return
    would_book = ignore_totals or any(
        statements.check(one).is_balanced is not False for one in found.statements
    )
    if would_book:
        report.digits_missed += 1
        report.fail(f"{place}: a changed amount passes for whole")


def _problem(found: StatementFile) -> str:
    """Return what the books could not take of what was read, empty when all is well."""
    for statement in found.statements:
        entries = [part for entry in statement.entries for part in (entry, *entry.parts)]
        problem = next(filter(None, (_entry_problem(entry) for entry in entries)), "")
        if problem or "\0" in f"{statement.account}{statement.number}":
            return problem or "a NUL in the account"
        check = statements.check(statement)
        if check.is_balanced and not _adds_up(statement):
            return "called balanced and is not"
    return ""


def _adds_up(statement: Statement) -> bool:
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        return True
    return opening.amount + sum(entry.amount.amount for entry in statement.entries) == closing.amount


def _entry_problem(entry: Entry) -> str:
    texts = (
        entry.counterparty,
        entry.counterparty_account,
        entry.text,
        entry.bank_reference,
        entry.end_to_end,
    )
    if any("\0" in text or not text.isprintable() for text in texts):
        return "a text that cannot be stored"
    amount = entry.amount.amount
    if abs(amount) >= _STORED_MAX or amount != round(amount, 4):
        return "an amount that cannot be stored"
    return "" if len(entry.amount.currency) in (0, 3) else "no currency code"

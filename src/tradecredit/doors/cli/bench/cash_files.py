"""Files at scale: invoices by the hundred thousand, a bank statement of twenty thousand lines, with a progress bar."""

from __future__ import annotations

import csv
import io
import sys
import time
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import aged_books, copies, telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradecredit.doors.cli.proving.ground import Ground

_CUSTOMERS: Final = 5_000
_INVOICES: Final = 100_000
_LINES: Final = 20_000
_CENTS: Final = 100
_FIRST: Final = date(2026, 1, 5)
_LAST: Final = date(2026, 9, 1)
_KILOBYTE: Final = 1024
_WRITTEN: Final = (
    *("receivables_invoice", "receivables_instalment", "exposure_exposureentry"),
    *("audit_logentry", "outbox_event", "sources_filepart"),
)


def figures() -> dict[str, Any]:
    """Return how long 100,000 invoices and a statement of 20,000 lines take, and the megabytes of the process."""
    import resource

    with ground.throw_away(customers=_CUSTOMERS, limit="100000000.00") as place:
        invoices = _invoices(place)
        statement = _statement(place)
        # 80,000 lines are open then.
        aged = aged_books.figures(place, as_of=_LAST)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTE
    return {**invoices, **statement, **aged, "files.peak_mb": round(peak)}


def _invoices(place: Ground) -> dict[str, Any]:
    from tradecredit.flows import ports
    from tradecredit.flows.imports import import_file
    from tradecredit.flows.imports.incoming import TabularFiles

    ground.say(f"{_INVOICES:,} invoices …")
    with _progress("invoices.csv") as moved:
        began = time.perf_counter()
        report = import_file.import_file(
            kind="invoices",
            data=_invoice_file(),
            name="invoices.csv",
            company=place.company,
            actor=installations.system_actor("proof"),
            files=ports.find(TabularFiles),
            on_progress=moved,
        )
        seconds = time.perf_counter() - began
    copied = copies.seconds(place, tables=_WRITTEN)
    return {
        "invoices.rows": report.read,
        "invoices.created": report.created,
        "invoices.seconds": round(seconds, 1),
        "invoices.per_second": round(report.read / seconds),
        "invoices.copy_per_second": round(report.read / copied),
        "invoices.write_ratio": telling.ratio(seconds, copied),
    }


def _statement(place: Ground) -> dict[str, Any]:
    from tradecredit.core.cash_application.statements import BankFile
    from tradecredit.flows import ports
    from tradecredit.flows.cash import import_bank_statement

    ground.say(f"a statement of {_LINES:,} lines …")
    with _progress("bank.csv") as moved:
        began = time.perf_counter()
        report = import_bank_statement.import_bank_statement(
            company=place.company,
            file=BankFile(name="bank.csv", data=_bank_file()),
            files=ports.find(ports.BankFiles),
            actor=installations.system_actor("proof"),
            moved=moved,
        )
        seconds = time.perf_counter() - began
    return {
        "statement.lines": report.lines,
        "statement.matched": report.statuses["matched"],
        "statement.seconds": round(seconds, 1),
        "statement.per_second": round(report.lines / seconds),
    }


def _invoice_file() -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["invoice number", "customer code", "invoice date", "due date", "amount"])
    for number in range(_INVOICES):
        issued = _FIRST + timedelta(days=number % 180)
        due = issued + timedelta(days=30)
        rows.writerow([f"INV-{number:07d}", f"T{number % _CUSTOMERS + 1}", issued, due, _amount(number)])
    return text.getvalue().encode()


def _bank_file() -> bytes:
    balance, lines = 0, []
    for number in range(_LINES):
        cents = _cents(number)
        balance += cents
        lines.append(
            f"2026-09-01,,{_amount(number)},{balance // _CENTS}.{balance % _CENTS:02d},示例客户{number % _CUSTOMERS + 1}有限公司,"
            f"62{number % _CUSTOMERS:014d},货款 INV-{number:07d},EX{number:07d}"
        )
    head = [
        "示例银行企业账户交易明细,,,,,,,",
        "账号:6200000000000001,,币种:人民币,,,,,",
        "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,交易流水号",
    ]
    return "\n".join([*head, *lines, ""]).encode("gb18030")


def _cents(number: int) -> int:
    return 100_000 + number * 7919 % 9_000_000


def _amount(number: int) -> str:
    cents = _cents(number)
    return f"{cents // _CENTS}.{cents % _CENTS:02d}"


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)

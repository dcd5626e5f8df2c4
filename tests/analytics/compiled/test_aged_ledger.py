"""Both shared ledgers at twelve past days, twice: by the core line by line, and by ibis over whole tables."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pytest

from tradecredit.analytics.compiled import aged_ledger
from tradecredit.analytics.receivables import policies
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import aging, open_items
from tradecredit.core.receivables.open_items import AllocationEntry, Instalment

if TYPE_CHECKING:
    from pathlib import Path

    from tradecredit.core.receivables.aging import Scheme

IBM = "ar_ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv.gz"
SAP = "ar_sap_open_items/open_items.csv.gz"
RECORDED = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMES = ("overdue", "age")


@dataclass(frozen=True)
class Line:
    number: str
    customer: str
    currency: str
    issued: date
    due: date
    amount: Decimal
    paid: date | None


def rows_of(shared_data: Path, name: str) -> list[dict[str, str]]:
    text = gzip.decompress((shared_data / name).read_bytes()).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def us_day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone


def ibm(shared_data: Path) -> list[Line]:
    return [
        Line(
            number=row["invoiceNumber"],
            customer=row["customerID"],
            currency="USD",
            issued=us_day(row["InvoiceDate"]),
            due=us_day(row["DueDate"]),
            amount=Decimal(row["InvoiceAmount"]),
            paid=us_day(row["SettledDate"]),
        )
        for row in rows_of(shared_data, IBM)
    ]


def sap(shared_data: Path) -> list[Line]:
    documents = {row["doc_id"]: row for row in rows_of(shared_data, SAP)}
    return [
        Line(
            number=number,
            customer=row["cust_number"],
            currency=row["invoice_currency"],
            issued=date.fromisoformat(row["document_create_date"]),
            due=date.fromisoformat(row["due_in_date"]),
            amount=Decimal(row["total_open_amount"]),
            # This file knows only what is open.
            paid=None,
        )
        for number, row in documents.items()
    ]


def by_core(lines: list[Line], scheme: Scheme, as_of: date) -> dict[tuple[str, str, int], Decimal]:
    """Return the open amount by customer, currency and place of the bucket."""
    grouped: dict[tuple[str, str], list[Instalment]] = defaultdict(list)
    for line in lines:
        amount = Money(line.amount, line.currency)
        paid = (
            AllocationEntry(amount=amount, effective_date=line.paid, recorded_at=RECORDED)
            if line.paid
            else None
        )
        grouped[line.customer, line.currency].append(
            Instalment(
                item_id=line.number,
                invoice_number=line.number,
                invoice_date=line.issued,
                due_date=line.due,
                amount=amount,
                recorded_at=RECORDED,
                allocations=(paid,) if paid else (),
            )
        )
    found = {}
    for (customer, currency), instalments in grouped.items():
        items = open_items.open_items(instalments=instalments, as_of=as_of)
        aged = aging.age(items=items, scheme=scheme, as_of=as_of, currency=currency)
        assert money.total(aged.amounts, currency) == aged.open
        for place, amount in enumerate(aged.amounts):
            if not amount.is_zero:
                found[customer, currency, place] = amount.amount
    return found


@dataclass(frozen=True)
class Tables:
    lines: ibis.expr.types.Table
    settlements: ibis.expr.types.Table


def tables_of(lines: list[Line]) -> Tables:
    connection = ibis.duckdb.connect()
    amount = pa.decimal128(18, 4)
    due = pa.table(
        {
            "line": pa.array(range(len(lines)), pa.int64()),
            "customer": [one.customer for one in lines],
            "currency": [one.currency for one in lines],
            "invoice_date": pa.array([one.issued for one in lines], pa.date32()),
            "due_date": pa.array([one.due for one in lines], pa.date32()),
            "amount": pa.array([one.amount for one in lines], amount),
        }
    )
    paid = [(at, one) for at, one in enumerate(lines) if one.paid]
    settled = pa.table(
        {
            "line": pa.array([at for at, _ in paid], pa.int64()),
            "day": pa.array([one.paid for _, one in paid], pa.date32()),
            "amount": pa.array([one.amount for _, one in paid], amount),
        }
    )
    for name, table in (("lines", due), ("settlements", settled)):
        connection.con.register(name, table)
    return Tables(lines=connection.table("lines"), settlements=connection.table("settlements"))


def by_ibis(tables: Tables, scheme: Scheme, as_of: date) -> dict[tuple[str, str, int], Decimal]:
    query = aged_ledger.aged(lines=tables.lines, settlements=tables.settlements, scheme=scheme, as_of=as_of)
    rows = query.to_pyarrow().to_pylist()
    return {
        (row["customer"], row["currency"], int(row["bucket"])): row["open"] for row in rows if row["open"]
    }


def month_ends(year: int, month: int) -> list[date]:
    """Return twelve month's ends from the month on."""
    found = []
    for step in range(1, 13):
        years, months = divmod(month - 1 + step, 12)
        found.append(date.fromordinal(date(year + years, months + 1, 1).toordinal() - 1))
    return found


@pytest.mark.realdata
class TestAged:
    def test_of_the_first_ledger_is_the_core_s_to_the_cent_on_twelve_days(self, shared_data) -> None:
        self.check(ibm(shared_data), month_ends(2012, 12), least=40)

    def test_of_the_second_ledger_is_the_core_s_to_the_cent_on_twelve_days(self, shared_data) -> None:
        self.check(sap(shared_data), month_ends(2020, 2), least=1)

    def check(self, lines: list[Line], days: list[date], *, least: int) -> None:
        tables = tables_of(lines)
        for name in SCHEMES:
            scheme = policies.default().schemes[name]
            for as_of in days:
                expected = by_core(lines, scheme, as_of)

                assert by_ibis(tables, scheme, as_of) == expected, (name, as_of)
                assert len(expected) >= least, as_of


class TestOnGivenLines:
    def test_counts_what_is_paid_by_the_day_only_and_begins_buckets_on_their_day(self) -> None:
        lines = [
            Line("A", "C1", "CNY", date(2025, 1, 1), date(2025, 1, 31), Decimal("100.00"), date(2025, 3, 2)),
            Line("B", "C1", "USD", date(2025, 1, 1), date(2025, 1, 31), Decimal("7.00"), None),
        ]
        tables = tables_of(lines)
        scheme = policies.default().schemes["overdue"]

        # Day 30 after the due day belongs to the first bucket, day 31 to the second; then the money is there.
        assert by_ibis(tables, scheme, date(2025, 3, 2)) == {("C1", "USD", 1): Decimal(7)}
        assert by_ibis(tables, scheme, date(2025, 3, 1)) == {
            ("C1", "CNY", 1): Decimal(100),
            ("C1", "USD", 1): Decimal(7),
        }
        assert by_ibis(tables, scheme, date(2025, 3, 3)) == {("C1", "USD", 2): Decimal(7)}
